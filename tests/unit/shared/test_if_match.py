"""A version that the caller insists on: what is said, and to whom."""

from dataclasses import dataclass

import pytest

from shared.errors import ConflictError, NotFoundError, StaleError
from shared.store.aggregate import Decided, Kind, Ledger
from shared.store.memory import MemoryStore

NOW = "2030-01-01T00:00:00.000Z"


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something that belongs to somebody."""

    text: str


NOTE = Kind(collection="notes", state=Note)


@pytest.fixture
def ledger() -> Ledger:
    found = Ledger(MemoryStore(), "orders", lambda: NOW)
    found.decide(NOTE, "a", lambda _: (Note(text="mine"), ()))
    return found


def not_yours(_: Note | None) -> Decided[Note]:
    raise NotFoundError("no_such_note", "There is no such note, or it is not yours.")


def too_late(_: Note | None) -> Decided[Note]:
    raise ConflictError("too_late", "It is too late for that.")


@pytest.mark.parametrize("version", [None, 1, 7])
@pytest.mark.parametrize("id_", ["a", "nothing"])
def test_of_what_is_not_the_callers_not_even_the_version_is_told(ledger: Ledger, id_: str, version: int | None) -> None:
    with pytest.raises(NotFoundError):
        ledger.decide(NOTE, id_, not_yours, if_version=version)


def test_who_decides_on_an_old_copy_hears_that_rather_than_what_follows_from_it(ledger: Ledger) -> None:
    with pytest.raises(StaleError):
        ledger.decide(NOTE, "a", too_late, if_version=7)
    with pytest.raises(ConflictError):
        ledger.decide(NOTE, "a", too_late, if_version=1)


def test_what_is_decided_on_an_old_copy_is_not_stored(ledger: Ledger) -> None:
    with pytest.raises(StaleError):
        ledger.decide(NOTE, "a", lambda _: (Note(text="another"), ()), if_version=7)

    assert ledger.load(NOTE, "a").state == Note(text="mine")  # type: ignore[union-attr]
    assert ledger.decide(NOTE, "a", lambda _: (Note(text="new"), ()), if_version=1).version == 2
