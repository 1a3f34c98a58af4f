"""The same against a real database: it refuses other things than memory does."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import ids
from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel
from shared.store.mongo import MongoStore, connect
from shared.wiring import ensure_store
from tests.chain import SERVICES, Chain
from tests.contract.doors import NOUNS
from tests.contract.world import World, make_world
from tests.fuzz.api import PHASES, Effort, api_of
from tests.fuzz.effort import budget, is_long, many
from tests.fuzz.stories import stories
from tests.fuzz.test_api import Run
from tests.fuzz.town import Town
from tests.fuzz.whole import unsound

pytestmark = [pytest.mark.servers, pytest.mark.fuzz]

_AT_REST = 3


class Moved:
    """Hubs whose documents lie in a real database; each has databases of its own."""

    def __init__(self, uri: str) -> None:
        self.client = connect(uri)
        self.names: list[str] = []

    def move(self, chain: Chain) -> Chain:
        """A hub with the same documents."""
        prefix = f"fuzz_{ids.new_id()[:8]}"
        stores = {name: MongoStore(self.client, f"{prefix}_{name}") for name in SERVICES}
        for name, store in stores.items():
            self.names.append(f"{prefix}_{name}")
            ensure_store(SERVICES[name], store)
            for collection, documents in chain.stores[name]._documents.items():
                raw = [
                    {"_id": d.id, "version": d.version, "state": d.state, "inbox": [], "outbox": []}
                    for d in documents.values()
                ]
                store._db[collection].insert_many(raw)
        return Chain(stores=stores, broker=MemoryBroker(partitions=1))  # type: ignore[arg-type]  # any store will do

    def close(self) -> None:
        for name in self.names:
            self.client.drop_database(name)
        self.client.close()


@pytest.fixture(scope="module")
def moved(database_uri: str) -> Iterator[Moved]:
    made = Moved(database_uri)
    yield made
    made.close()


@pytest.fixture(scope="module")
def town(moved: Moved) -> Town:
    made = Town()
    made.move(moved.move(made.chain))
    return made


@pytest.fixture
def world(moved: Moved) -> World:
    made = make_world()
    chain = moved.move(made.chain)
    people = {
        name: {role: replace(each, chain=chain) for role, each in those.items()} for name, those in made.people.items()
    }
    return replace(made, chain=chain, people=people)


def tell(chain: Chain, parcels: Sequence[Parcel]) -> None:
    """Publishes them, and lets all workers do what there is to do, so often that none finds anything more."""
    chain.broker.publish(parcels)
    idle = 0
    while idle < _AT_REST:
        idle = 0 if sum(worker.turn() for worker in chain.workers.values()) else idle + 1


@budget(25)
@given(data=st.data())
def test_events_in_any_order_break_nothing(town: Town, data: st.DataObject) -> None:
    tell(town.chain, data.draw(stories(town, wild=True)))

    assert town.broken() == []


def test_after_all_that_every_document_can_be_read(town: Town) -> None:
    assert unsound(town.chain) == []


@pytest.mark.parametrize("service", NOUNS)
def test_who_gets_in_meets_no_fault(world: World, service: str) -> None:
    phases = PHASES if is_long() else ("fuzzing",)

    run = Run(api_of(world, service, "own", Effort(phases=phases, examples=many(6))))

    assert run.report() == ""
    assert unsound(world.chain) == []
