"""The simulated surroundings: crashes, lost answers, zombies and rebalances are what they are called."""

import pytest

from shared.bus.port import Parcel
from shared.errors import StoreUnavailableError
from shared.store.memory import MemoryStore
from shared.store.port import Write
from tests.simulation.bus import SimBus, SimSubscription
from tests.simulation.chance import chance
from tests.simulation.stores import SimStore
from tests.simulation.trouble import How, Strike, Trouble
from tests.simulation.turns import Turns

THINGS = "things"
WRITES = [Write(id=each, version=1, state={}) for each in ("a", "b", "c", "d")]


class Stage:
    """A store and a bus, and trouble to arm."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.struck: list[str] = []
        self.trouble = Trouble(self.turns, lambda how, _touch: self.struck.append(how))
        self.trouble.draw = chance("trouble")
        self.memory = MemoryStore()
        self.store = SimStore("orders", self.memory, self.trouble, lambda *_: None)
        self.bus = SimBus(self.trouble, lambda: None)
        self.bus.orderly = True
        self.ends: list[str] = []

    def write(self) -> None:
        try:
            self.store.write(THINGS, WRITES)
        except StoreUnavailableError:
            self.ends.append("error")
        else:
            self.ends.append("stored")

    def play(self) -> None:
        self.turns.start("writer", "worker", "orders", self.write)
        while self.turns.one(chance("turns")):
            pass

    def stored(self) -> int:
        return len(self.memory.find(THINGS, {}))


@pytest.mark.parametrize(
    ("how", "least", "most", "ends"),
    [
        ("refused", 0, 0, ["error"]),
        ("lost", 4, 4, ["error"]),
        ("torn", 1, 3, ["error"]),
        ("crash_before", 0, 0, []),
        ("crash_after", 4, 4, []),
        ("crash_torn", 1, 3, []),
    ],
)
def test_a_strike_leaves_what_it_says(how: How, least: int, most: int, ends: list[str]) -> None:
    stage = Stage()
    stage.trouble.strikes.append(Strike(how=how, kind="worker", service="orders", left=0))

    stage.play()

    assert least <= stage.stored() <= most
    assert stage.ends == ends
    assert stage.struck == [how]
    assert stage.turns.tasks == []


def test_trouble_of_another_service_does_not_strike() -> None:
    stage = Stage()
    stage.trouble.strikes.append(Strike(how="refused", kind="worker", service="producers", left=0))

    stage.play()

    assert stage.ends == ["stored"]


def test_what_is_away_is_away_until_it_is_back() -> None:
    stage = Stage()
    stage.trouble.away.add(("orders", "store"))
    stage.play()
    stage.trouble.clear()
    stage.play()

    assert stage.ends == ["error", "stored"]


def test_a_task_that_is_killed_never_goes_on() -> None:
    stage = Stage()
    task = stage.turns.start("writer", "worker", "orders", stage.write)
    stage.turns.one(chance("turns"))

    stage.turns.kill(task)

    assert (stage.stored(), stage.ends, stage.turns.tasks) == (0, [], [])


def test_a_zombie_commits_nothing_and_joins_anew() -> None:
    stage = Stage()
    stage.bus.publish([Parcel(topic="t", key="k", value=b"1")])
    zombie = SimSubscription(stage.bus, "orders", "g", ["t"])
    seen = zombie.poll(0, 10)

    zombie.fence()
    other = SimSubscription(stage.bus, "orders", "g", ["t"])
    zombie.commit()

    assert [record.value for record in seen] == [b"1"]
    assert [record.value for record in other.poll(0, 10)] == [b"1"]
    other.commit()
    assert [list(zombie.poll(0, 10)), list(other.poll(0, 10))] == [[], []]


def test_a_rebalance_in_mid_batch_gives_the_batch_to_somebody_again() -> None:
    stage = Stage()
    stage.bus.publish([Parcel(topic="t", key=str(key), value=b"1") for key in range(9)])
    first = SimSubscription(stage.bus, "orders", "g", ["t"])
    assert len(first.poll(0, 100)) == 9

    second = SimSubscription(stage.bus, "orders", "g", ["t"])
    first.commit()

    assert len(first.poll(0, 100)) + len(second.poll(0, 100)) == 9


def test_a_topic_that_is_held_up_is_seen_later() -> None:
    stage = Stage()
    member = SimSubscription(stage.bus, "orders", "g", ["t"])
    stage.bus.held.add(("g", "t"))
    stage.bus.publish([Parcel(topic="t", key="k", value=b"1")])

    before = list(member.poll(0, 10))
    stage.bus.held.clear()

    assert (before, len(member.poll(0, 10))) == ([], 1)


def test_lost_commits_bring_records_again() -> None:
    stage = Stage()
    member = SimSubscription(stage.bus, "orders", "g", ["t"])
    stage.bus.publish([Parcel(topic="t", key="k", value=each) for each in (b"1", b"2", b"3")])
    assert len(member.poll(0, 10)) == 3
    member.commit()

    stage.bus.rewind("g", 2)

    assert [record.value for record in member.poll(0, 10)] == [b"2", b"3"]
