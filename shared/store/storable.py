"""What a document may hold: what BSON can write, up to the size that every server takes."""

from collections.abc import Mapping
from typing import Any

import bson
from bson.errors import InvalidDocument

MOST_BYTES = 16 * 1024 * 1024 - 64 * 1024  # of a document, less what a command says besides
# What is raised about a value that has no place in a document: a number of more than 64 bits, a lone surrogate …
NO_DOCUMENT = (InvalidDocument, OverflowError, UnicodeError, RecursionError)


def obstacle(document: Mapping[str, Any]) -> str | None:
    """Why it can never be stored, None where it can."""
    try:
        size = len(bson.encode(document))
    except NO_DOCUMENT as error:
        return str(error)[:200]
    return f"{size} bytes are more than a document may have." if size > MOST_BYTES else None
