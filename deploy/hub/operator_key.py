"""The hub operator's key: made once, kept in one file that only its owner reads. The services get its sum alone."""

import os
from pathlib import Path

from deploy.hub.layout import Layout
from shared.ids import digest, new_secret


def key_file(layout: Layout) -> Path:
    """Where it is kept."""
    return layout.secrets / "operator.key"


def ensure(layout: Layout) -> str:
    """The SHA-256 sum of the key, which is made where there is none yet."""
    file = key_file(layout)
    if not file.exists():
        _write(file, new_secret())
    return digest(file.read_text(encoding="utf-8").strip())


def _write(file: Path, key: str) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    unfinished = file.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(key + "\n")
    unfinished.replace(file)
