"""All documents of a database carried elsewhere, as they are: state, inbox and outbox."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from shared.store.mongo import INSERTS_AT_ONCE, MongoStore, guarded

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


def dump(store: MongoStore, collection: str) -> Iterator[bytes]:
    """Each document as a line of JSON. Each is whole; what is written meanwhile may be in it or not."""
    cursor = store.raw(collection).find({})
    while piece := _piece(cursor):
        yield from (_encode(raw) + b"\n" for raw in piece)


@guarded
def _piece(cursor: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(islice(cursor, INSERTS_AT_ONCE))


@guarded
def load(store: MongoStore, collection: str, lines: Iterable[bytes]) -> int:
    """Stores them again, in a collection that is empty; answers how many there are."""
    target, rest = store.raw(collection), iter(lines)
    while piece := [_decode(line) for line in islice(rest, INSERTS_AT_ONCE)]:
        target.insert_many(piece, ordered=False)
    return target.count_documents({})
