"""A worker whose machine stood still in the middle of a batch decides by the time that it is when it goes on."""

from collections.abc import Iterable

import pytest

from services.producers.app.kinds import LOT
from shared import clock
from shared.consumer import FRESH_S
from shared.errors import RetryError
from shared.store.memory import MemoryStore
from shared.store.port import Document
from tests.unit.producers.bench import Bench
from tests.unit.producers.given import ANSWER_BY, NOW, stock_of
from tests.unit.producers.told import placed


class StandingStill(MemoryStore):
    """The next look at the lots takes `seconds`."""

    def __init__(self) -> None:
        super().__init__()
        self.bench: Bench | None = None
        self.seconds = 0.0

    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        if self.bench is not None and collection == LOT.collection:
            self.bench.now = clock.plus(self.bench.now, seconds=self.seconds)
            self.seconds = 0.0
        return super().get(collection, ids)


@pytest.fixture
def store() -> StandingStill:
    return StandingStill()


@pytest.fixture
def bench(store: StandingStill) -> Bench:
    bench = Bench(store=store)
    bench.hold()
    store.bench = bench
    return bench


def test_a_request_that_came_in_time_is_too_late_for_a_worker_that_stood_still(
    bench: Bench, store: StandingStill
) -> None:
    store.seconds = clock.seconds_between(NOW, ANSWER_BY) + 1

    with pytest.raises(RetryError, match="stood still"):
        bench.send(placed())
    bench.run()

    assert bench.told() == ["StockRefused"]
    assert stock_of(bench.lot()) == (20_000, 0, 0, 0)
    assert bench.dead() == 0


def test_a_worker_that_is_only_slow_goes_on(bench: Bench, store: StandingStill) -> None:
    store.seconds = FRESH_S - 1

    bench.send(placed())

    assert bench.told() == ["StockReserved"]
