"""What every store promises: in memory, on SecantusDB, and on whatever MONGODB_URI names."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared import ids
from shared.config import inherited_environment
from shared.errors import UnstorableError
from shared.store.memory import MemoryStore
from shared.store.mongo import MongoStore, connect
from shared.store.port import Index, Outgoing, Store, Write
from tests.simulation.stores import SimStore
from tests.simulation.trouble import Trouble
from tests.simulation.turns import Turns

THINGS = "things"
NAMED = inherited_environment().get("MONGODB_URI")


def _stores() -> list[object]:
    real = [pytest.param("secantus", marks=pytest.mark.servers)]
    named = [pytest.param("named", marks=pytest.mark.servers)] if NAMED else []
    return ["memory", "simulated", *real, *named]


@pytest.fixture(params=_stores())
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    if request.param == "simulated":
        yield SimStore("any", MemoryStore(), Trouble(Turns(), lambda *_: None), lambda *_: None)
        return
    uri = NAMED if request.param == "named" else request.getfixturevalue("database_uri")
    client = connect(uri)
    name = f"contract_{ids.new_id()[:12]}"
    real = MongoStore(client, name)
    real.ensure(THINGS, [Index(fields=("state.kind", "state.at"))])
    yield real
    client.drop_database(name)
    real.close()


def write(id_: str, version: int = 1, *, outgoing: tuple[str, ...] = (), **state: object) -> Write:
    events = tuple(Outgoing(id=each, topic="t", key=id_, body="{}", at="2030") for each in outgoing)
    return Write(id=id_, version=version, state=state, inbox=(f"m{version}",), outgoing=events)


def len_of(value: object) -> str:
    return f"{type(value).__name__}-{len(str(value))}"


def test_what_was_written_is_read_back_whole(store: Store) -> None:
    state = {"name": "prei", "n": 3, "list": [{"a": 1}], "none": None, "yes": True, "lat": 50.88}
    store.write(THINGS, [Write(id="a", version=1, state=state, inbox=("m1", "m2"))])

    document = store.get(THINGS, ["a", "absent"])["a"]

    assert (document.version, document.state, document.inbox) == (1, state, ("m1", "m2"))


def test_a_second_insert_of_the_same_id_loses_and_changes_nothing(store: Store) -> None:
    store.write(THINGS, [write("a", name="first")])

    lost = store.write(THINGS, [write("a", name="second"), write("b", name="new")])

    assert lost == {"a"}
    assert {key: each.state["name"] for key, each in store.get(THINGS, ["a", "b"]).items()} == {
        "a": "first",
        "b": "new",
    }


def test_of_a_long_batch_every_new_document_is_stored_and_every_known_one_loses(store: Store) -> None:
    known = {f"d{n:03}" for n in (0, 99, 100, 249)}
    store.write(THINGS, [write(each, name="first") for each in known])

    lost = store.write(THINGS, [write(f"d{n:03}", name="second") for n in range(250)])

    assert lost == known
    assert store.count(THINGS, {"state.name": "first"}) == len(known)
    assert store.count(THINGS, {"state.name": "second"}) == 250 - len(known)


def test_a_write_on_an_older_version_loses_and_changes_nothing(store: Store) -> None:
    store.write(THINGS, [write("a", n=1), write("b", n=1), write("c", n=1)])
    store.write(THINGS, [write("b", 2, n=2)])

    lost = store.write(THINGS, [write("a", 2, n=5), write("b", 2, n=5), write("c", 2, n=5)])

    assert lost == {"b"}
    assert [store.get(THINGS, [key])[key].state["n"] for key in "abc"] == [5, 2, 5]


def test_a_write_on_a_document_that_does_not_exist_loses(store: Store) -> None:
    assert store.write(THINGS, [write("ghost", 2)]) == {"ghost"}
    assert store.get(THINGS, ["ghost"]) == {}


def test_the_outbox_is_added_to_and_emptied_by_event_id_only(store: Store) -> None:
    store.write(THINGS, [write("a", outgoing=("e1", "e2"))])
    seen = store.pending(THINGS, 10)
    store.write(THINGS, [write("a", 2, outgoing=("e3",))])

    store.published(THINGS, {each.document_id: [event.id for event in each.outgoing] for each in seen})

    (left,) = store.pending(THINGS, 10)
    assert [each.id for each in left.outgoing] == ["e3"]


def test_a_document_without_events_to_publish_is_not_pending(store: Store) -> None:
    store.write(THINGS, [write("a"), write("b", outgoing=("e1",))])

    assert [each.document_id for each in store.pending(THINGS, 10)] == ["b"]


def test_pending_keeps_to_its_limit(store: Store) -> None:
    store.write(THINGS, [write(f"d{n}", outgoing=(f"e{n}",)) for n in range(5)])

    assert len(store.pending(THINGS, 2)) == 2


def test_publishing_does_not_make_a_waiting_decision_lose(store: Store) -> None:
    store.write(THINGS, [write("a", outgoing=("e1",))])
    store.published(THINGS, {"a": ["e1"]})

    assert store.write(THINGS, [write("a", 2)]) == frozenset()


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, ["a", "b", "c", "d"]),
        ({"state.kind": "x"}, ["a", "b"]),
        ({"state.kind": {"$in": ["x", "z"]}}, ["a", "b", "d"]),
        ({"state.at": {"$gte": 2, "$lt": 4}}, ["b", "c"]),
        ({"state.at": {"$gt": 1.5, "$lte": 3}}, ["b", "c"]),
        ({"state.words": "prei"}, ["a", "c"]),
        ({"state.words": {"$all": ["prei", "bio"]}}, ["c"]),
        ({"state.lines.lot": "l1"}, ["a"]),
        ({"state.due": {"$gt": "", "$lte": "2030"}}, ["b"]),
        ({"state.kind": "x", "state.at": 2}, ["b"]),
        ({"_id": {"$gt": "b"}}, ["c", "d"]),
        ({"state.due": {"$exists": True}}, ["a", "b"]),
    ],
)
def test_find_narrows_by_what_is_asked(store: Store, where: dict[str, object], found: list[str]) -> None:
    store.write(
        THINGS,
        [
            write("a", kind="x", at=1, words=["prei"], lines=[{"lot": "l1"}], due=None),
            write("b", kind="x", at=2, words=["ui"], lines=[{"lot": "l2"}], due="2029"),
            write("c", kind="y", at=3, words=["prei", "bio"], lines=[]),
            write("d", kind="z", at=4, words=[]),
        ],
    )

    assert [each.id for each in store.find(THINGS, where)] == found
    assert store.count(THINGS, where) == len(found)


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**30, "\ud800", "x" * (17 * 1024 * 1024)], ids=len_of)
@pytest.mark.parametrize("version", [1, 2])
def test_what_no_database_can_hold_is_named_and_not_stored(store: Store, value: object, version: int) -> None:
    store.write(THINGS, [write("a", n=1)] if version == 2 else [])
    before = store.get(THINGS, ["a"])

    with pytest.raises(UnstorableError) as caught:
        store.write(THINGS, [write("a", version, n=value), write("b", n=2)])

    assert set(caught.value.why) == {"a"}
    assert store.get(THINGS, ["a"]) == before
    store.write(THINGS, [write("b", n=2), write("c", n=3)])
    assert set(store.get(THINGS, ["b", "c"])) == {"b", "c"}


def test_find_sorts_both_ways_and_stops_at_its_limit(store: Store) -> None:
    store.write(THINGS, [write(key, at=at) for key, at in (("a", 2), ("b", 3), ("c", 1))])

    assert [each.id for each in store.find(THINGS, {}, sort="state.at")] == ["c", "a", "b"]
    assert [each.id for each in store.find(THINGS, {}, sort="state.at", descending=True, limit=2)] == ["b", "a"]


def test_nothing_is_found_in_a_collection_that_does_not_exist(store: Store) -> None:
    assert store.find("nowhere", {}) == []
    assert store.count("nowhere", {}) == 0
    assert store.pending("nowhere", 5) == []
    assert store.get("nowhere", ["a"]) == {}


def test_of_many_writers_at_once_exactly_one_wins_each_version(store: Store) -> None:
    store.write(THINGS, [write("hot", n=0)])

    def bump(_: int) -> int:
        tries = 0
        while True:
            tries += 1
            document = store.get(THINGS, ["hot"])["hot"]
            if not store.write(THINGS, [write("hot", document.version + 1, n=document.state["n"] + 1)]):
                return tries

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(bump, range(40)))

    document = store.get(THINGS, ["hot"])["hot"]
    assert (document.state["n"], document.version) == (40, 41)


def test_what_was_read_does_not_change_with_what_is_written_later(store: Store) -> None:
    state: dict[str, object] = {"list": [1]}
    store.write(THINGS, [Write(id="a", version=1, state=state)])
    read = store.get(THINGS, ["a"])["a"]

    read.state["list"].append(2)

    assert store.get(THINGS, ["a"])["a"].state == {"list": [1]}


def test_what_is_removed_is_what_still_has_its_version(store: Store) -> None:
    store.write(THINGS, [write("a"), write("b"), write("c")])
    store.write(THINGS, [write("b", 2)])

    removed = store.remove(THINGS, {"a": 1, "b": 1, "absent": 1})

    assert removed == 1
    assert set(store.get(THINGS, ["a", "b", "c"])) == {"b", "c"}
    assert store.write(THINGS, [write("a")]) == frozenset()
