"""Long lists, a page at a time."""

from dataclasses import dataclass

import pytest

from shared import clock
from shared.errors import InvalidError
from shared.store.aggregate import Kind, Ledger
from shared.store.memory import MemoryStore
from shared.store.paging import newest

NOW = "2030-03-31T00:00:00.000Z"


@dataclass(frozen=True, kw_only=True)
class Thing:
    colour: str
    page_key: str


THING = Kind(collection="things", state=Thing)


@pytest.fixture
def ledger() -> Ledger:
    """Things as old as a minute, an hour, a week and years; two of one instant."""
    made = Ledger(MemoryStore(), "orders", lambda: NOW)
    ages = {"minute": 60, "hour": 3_600, "week": 604_800, "years": 94_608_000, "also": 94_608_000}
    for id_, age in ages.items():
        thing = Thing(colour="red" if id_ == "hour" else "blue", page_key=f"{clock.plus(NOW, seconds=-age)}/{id_}")
        made.decide(THING, id_, lambda _, thing=thing: (thing, ()))
    return made


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 50])
def test_pages_of_any_size_show_everything_once_newest_first(ledger: Ledger, limit: int) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = newest(ledger, THING, [{}], cursor, limit)
        seen += [each.id for each in page.items]
        cursor = page.next
        if cursor is None:
            break

    assert seen == ["minute", "hour", "week", "years", "also"]


def test_what_matches_one_of_several_conditions_is_merged(ledger: Ledger) -> None:
    page = newest(ledger, THING, [{"state.colour": "blue"}, {"state.colour": "red"}], None, 3)

    assert [each.id for each in page.items] == ["minute", "hour", "week"]
    assert page.next is not None


def test_an_empty_list_is_one_empty_page(ledger: Ledger) -> None:
    page = newest(ledger, THING, [{"state.colour": "green"}], None, 3)

    assert (list(page.items), page.next) == ([], None)


@pytest.mark.parametrize("cursor", ["x", "", "2030-02-30", "2030-02-30T00:00:00.000Z/a", "9999-01-01T00:00:00.000Z/a"])
def test_a_cursor_that_is_none_is_refused_or_starts_from_the_front(ledger: Ledger, cursor: str) -> None:
    if not cursor:
        assert len(newest(ledger, THING, [{}], cursor, 9).items) == 5
        return
    with pytest.raises(InvalidError):
        newest(ledger, THING, [{}], cursor, 9)
