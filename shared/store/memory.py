"""The store in memory: for the simulator, and for a hub played in one process. Same contract, nothing on disk."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import ge, gt, le, lt
from typing import Any

import msgspec

from shared.errors import UnstorableError
from shared.store.port import Document, Index, Outgoing, Pending, State, Where, Write
from shared.store.storable import obstacle

_MISSING = object()
_COMPARE = {"$gt": gt, "$gte": ge, "$lt": lt, "$lte": le}


class MemoryStore:
    """One service's documents in dictionaries. Copies on the way in and out, as a real one does."""

    def __init__(self) -> None:
        self._documents: dict[str, dict[str, Document]] = {}
        self._outboxes: dict[str, dict[str, list[Outgoing]]] = {}
        self._lock = threading.Lock()

    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        """By id."""
        with self._lock:
            stored = self._documents.get(collection, {})
            return {each: _copy(stored[each]) for each in ids if each in stored}

    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        """Each on its own, under one lock; nothing where one of them could not be stored in a real database either."""
        why = {write.id: text for write in writes if (text := obstacle(write.state))}
        if why:
            raise UnstorableError(why)
        with self._lock:
            return frozenset(write.id for write in writes if not self._write_one(collection, write))

    def _write_one(self, collection: str, write: Write) -> bool:
        stored = self._documents.setdefault(collection, {})
        before = stored.get(write.id)
        if (before.version if before else 0) != write.version - 1:
            return False
        stored[write.id] = Document(
            id=write.id, version=write.version, state=_plain(write.state), inbox=tuple(write.inbox)
        )
        outbox = self._outboxes.setdefault(collection, {})
        if write.outgoing:
            outbox.setdefault(write.id, []).extend(write.outgoing)
        return True

    def find(
        self, collection: str, where: Where, *, sort: str = "_id", descending: bool = False, limit: int = 0
    ) -> list[Document]:
        """A scan."""
        with self._lock:
            found = [each for each in self._documents.get(collection, {}).values() if _matches(each, where)]
            found.sort(key=lambda each: _sort_key(each, sort), reverse=descending)
            return [_copy(each) for each in (found[:limit] if limit else found)]

    def count(self, collection: str, where: Where) -> int:
        """A scan."""
        with self._lock:
            return sum(_matches(each, where) for each in self._documents.get(collection, {}).values())

    def pending(self, collection: str, limit: int) -> list[Pending]:
        """Every outbox that holds something, up to the limit."""
        with self._lock:
            filled = [(key, events) for key, events in self._outboxes.get(collection, {}).items() if events]
            return [Pending(document_id=key, outgoing=tuple(events)) for key, events in filled[:limit]]

    def published(self, collection: str, event_ids: Mapping[str, Sequence[str]]) -> None:
        """Drops exactly these."""
        with self._lock:
            outboxes = self._outboxes.get(collection, {})
            for document, ids in event_ids.items():
                outboxes[document] = [each for each in outboxes.get(document, []) if each.id not in ids]

    def remove(self, collection: str, versions: Mapping[str, int]) -> int:
        """Each on its own, under one lock."""
        with self._lock:
            stored = self._documents.get(collection, {})
            gone = [each for each, version in versions.items() if each in stored and stored[each].version == version]
            for each in gone:
                del stored[each]
            return len(gone)

    def ensure(self, collection: str, indexes: Sequence[Index]) -> None:
        """Nothing to make: a scan needs no index."""

    def ping(self) -> None:
        """Always there."""

    def close(self) -> None:
        """Nothing to let go of."""


def _copy(document: Document) -> Document:
    return replace(document, state=_plain(document.state))


def _plain(state: State) -> State:
    """A copy as a real database gives it back, tuples as lists; many times faster than a deep copy."""
    plain: State = msgspec.json.decode(msgspec.json.encode(state))
    return plain


def _matches(document: Document, where: Where) -> bool:
    return all(_fits(_at(document, path), wanted) for path, wanted in where.items())


def _at(document: Document, path: str) -> Any:  # noqa: ANN401  # a stored value may be anything
    if path == "_id":
        return document.id
    head, _, rest = path.partition(".")
    value: Any = getattr(document, head)
    for name in rest.split(".") if rest else ():
        value = _step(value, name)
    return value


def _step(value: Any, name: str) -> Any:  # noqa: ANN401  # as above
    if isinstance(value, list | tuple):
        found = [each[name] for each in value if isinstance(each, Mapping) and name in each]
        return found or _MISSING
    return value.get(name, _MISSING) if isinstance(value, Mapping) else _MISSING


def _fits(value: Any, wanted: Any) -> bool:  # noqa: ANN401  # as above
    if not isinstance(wanted, Mapping):
        return any(each == wanted for each in _elements(value)) or value == wanted
    return all(_holds(value, operator, operand) for operator, operand in wanted.items())


def _holds(value: Any, operator: str, operand: Any) -> bool:  # noqa: ANN401  # as above
    elements = _elements(value)
    if operator == "$exists":
        return (value is not _MISSING) is bool(operand)
    if operator == "$in":
        return any(each in operand for each in elements)
    if operator == "$all":
        return all(each in elements for each in operand)
    compare = _COMPARE[operator]
    return any(_comparable(each, operand) and compare(each, operand) for each in elements)


def _comparable(value: Any, operand: Any) -> bool:  # noqa: ANN401  # as above
    """Numbers compare with numbers, everything else only with its own type."""
    numbers = isinstance(value, int | float) and isinstance(operand, int | float)
    return numbers or type(value) is type(operand)


def _elements(value: Any) -> Sequence[Any]:  # noqa: ANN401  # as above
    if value is _MISSING:
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def _sort_key(document: Document, path: str) -> tuple[bool, Any]:
    value = _at(document, path)
    return (value is not _MISSING and value is not None, None if value is _MISSING else value)
