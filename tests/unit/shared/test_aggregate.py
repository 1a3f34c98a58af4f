"""The ledger: from decisions to atomic writes, one by one and in batches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from shared.errors import ConflictError, ContendedError, StaleError
from shared.events import Event
from shared.events.orders import ReceiptConfirmed
from shared.store.aggregate import Cause, Decided, Kind, Ledger, Step
from shared.store.fold import INBOX_SIZE
from shared.store.memory import MemoryStore
from shared.store.port import Write

NOW = "2030-01-01T00:00:00.000Z"


@dataclass(frozen=True, kw_only=True)
class Tally:
    count: int = 0


TALLY = Kind(collection="tallies", state=Tally)


def add(amount: int) -> Callable[[Tally | None], Decided[Tally]]:
    def decide(state: Tally | None) -> tuple[Tally, Sequence[Event]]:
        counted = replace(state or Tally(), count=(state or Tally()).count + amount)
        return counted, (ReceiptConfirmed(order_id=f"o{counted.count}"),)

    return decide


def refuse(_: Tally | None) -> Decided[Tally]:
    raise ConflictError("no", "No.")


def step(id_: str, amount: int, message: str) -> tuple[Step, Cause]:
    return Step(kind=TALLY, id=id_, decide=add(amount)), Cause(message_id=message, traceparent="00-t")


class RacingStore(MemoryStore):
    """Somebody else writes first, so many times."""

    def __init__(self, races: int) -> None:
        super().__init__()
        self.races = races

    def write(self, collection: str, writes: Sequence[Write]) -> frozenset[str]:
        if self.races and writes:
            self.races -= 1
            rival = Ledger(_Plain(self), "rival", lambda: NOW)
            rival.decide(TALLY, writes[0].id, add(100))
        return super().write(collection, writes)


class _Plain:
    """The racing store without its race."""

    def __init__(self, inner: MemoryStore) -> None:
        self.get = inner.get
        self.write = lambda collection, writes: MemoryStore.write(inner, collection, writes)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def ledger(store: MemoryStore) -> Ledger:
    return Ledger(store, "orders", lambda: NOW)


def outbox(store: MemoryStore) -> list[str]:
    return [event.id for pending in store.pending("tallies", 100) for event in pending.outgoing]


def test_a_decision_is_stored_with_its_events_in_one_write(ledger: Ledger, store: MemoryStore) -> None:
    saved = ledger.decide(TALLY, "a", add(2))

    assert (saved.version, saved.state.count) == (1, 2)
    assert outbox(store) == ["tallies/a/1/0"]


def test_a_decision_that_changes_nothing_writes_nothing(ledger: Ledger, store: MemoryStore) -> None:
    ledger.decide(TALLY, "a", add(1))

    saved = ledger.decide(TALLY, "a", lambda state: (state, ()))

    assert saved.version == 1
    assert store.get("tallies", ["a"])["a"].version == 1


def test_who_loses_a_race_decides_again_on_what_the_other_left() -> None:
    ledger = Ledger(RacingStore(races=3), "orders", lambda: NOW)

    assert ledger.decide(TALLY, "a", add(1)).state.count == 301


def test_who_always_loses_is_told_to_try_later() -> None:
    ledger = Ledger(RacingStore(races=1_000), "orders", lambda: NOW)

    with pytest.raises(ContendedError):
        ledger.decide(TALLY, "a", add(1))


def test_an_older_version_than_the_caller_read_is_refused(ledger: Ledger) -> None:
    ledger.decide(TALLY, "a", add(1))

    with pytest.raises(StaleError):
        ledger.decide(TALLY, "a", add(1), if_version=7)


def test_a_batch_folds_each_aggregates_messages_in_order_into_one_write(ledger: Ledger, store: MemoryStore) -> None:
    failed = ledger.apply([step("a", 1, "m1"), step("b", 5, "m2"), step("a", 2, "m3")])

    assert failed == []
    assert {key: each.state["count"] for key, each in store.get("tallies", ["a", "b"]).items()} == {"a": 3, "b": 5}
    assert {key: each.version for key, each in store.get("tallies", ["a", "b"]).items()} == {"a": 1, "b": 1}
    assert outbox(store) == ["tallies/a/1/0", "tallies/a/1/1", "tallies/b/1/0"]


def test_a_message_that_comes_again_has_no_second_effect(ledger: Ledger, store: MemoryStore) -> None:
    ledger.apply([step("a", 1, "m1")])

    ledger.apply([step("a", 1, "m1")])

    assert store.get("tallies", ["a"])["a"].state["count"] == 1
    assert len(outbox(store)) == 1


def test_one_message_may_ask_several_things_of_one_document(ledger: Ledger, store: MemoryStore) -> None:
    ledger.apply([step("a", 1, "m1"), step("a", 2, "m1")])

    assert store.get("tallies", ["a"])["a"].state["count"] == 3
    assert store.get("tallies", ["a"])["a"].inbox == ("m1",)


def test_the_inbox_stays_bounded(ledger: Ledger, store: MemoryStore) -> None:
    ledger.apply([step("a", 1, f"m{n}") for n in range(INBOX_SIZE + 20)])

    inbox = store.get("tallies", ["a"])["a"].inbox
    assert len(inbox) == INBOX_SIZE
    assert inbox[-1] == f"m{INBOX_SIZE + 19}"


def test_a_decision_that_fails_leaves_the_rest_of_the_batch_alone(ledger: Ledger, store: MemoryStore) -> None:
    bad = (Step(kind=TALLY, id="a", decide=refuse), Cause(message_id="bad"))

    failed = ledger.apply([step("a", 1, "m1"), bad, step("a", 2, "m2")])

    assert [cause.message_id for cause, _ in failed] == ["bad"]
    assert store.get("tallies", ["a"])["a"].state["count"] == 3


def test_steps_of_a_batch_that_lost_a_race_are_folded_again() -> None:
    store = RacingStore(races=2)
    ledger = Ledger(store, "orders", lambda: NOW)

    ledger.apply([step("a", 1, "m1"), step("b", 1, "m2"), step("a", 1, "m3")])

    assert store.get("tallies", ["a"])["a"].state["count"] == 202
    assert store.get("tallies", ["b"])["b"].state["count"] == 1


def test_events_carry_the_trace_of_what_caused_them(ledger: Ledger, store: MemoryStore) -> None:
    ledger.apply([step("a", 1, "m1")])

    (pending,) = store.pending("tallies", 1)
    assert '"traceparent":"00-t"' in pending.outgoing[0].body
