"""Events of the right shape that say what cannot be: no page of anybody breaks, and no stock."""

import json
from typing import Any

import pytest

from shared.events.base import Event
from shared.events.catalogue import BY_TYPE, EVENTS
from tests.chain import Chain, Party
from tests.setups import buyer, deliver, enterprise, list_lot, place_order, producer, stock_of
from tests.unit.events.samples import Steps, golden, parent, paths, put, raw

ORDER = golden("OrderPlaced")["subject"]
LOT = golden("LotListed")["subject"]
FARM = golden("LotListed")["data"]["lot"]["producer_id"]
INSTANTS = {
    "LotListed": (("time",), ("data", "lot", "collect", "start"), ("data", "lot", "collect", "end")),
    "OrderConfirmed": (("data", "window", "start"), ("data", "lines", 0, "collect", "start")),
    "OrderPlaced": (("time",), ("data", "answer_by")),
    "JobClaimed": (("time",),),
    "StockReserved": (("time",),),
}


class Town:
    """A farm, a shop and an enterprise; a lot, and orders placed, claimed and delivered."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.farm, self.shop, self.van = producer(chain), buyer(chain), enterprise(chain)
        self.lot = list_lot(self.farm)
        self.placed, self.delivered = (place_order(self.shop, (self.lot, 2)) for _ in range(2))
        deliver(self.van, self.delivered, self.farm)

    def about(self, event: type[Event]) -> dict[str, Any]:
        """The golden sample, told of things of this town."""
        text = json.dumps(golden(event.__name__))
        for theirs, own in ((ORDER, self.placed), (LOT, self.lot), (FARM, self.farm.id)):
            text = text.replace(theirs, own)
        sample: dict[str, Any] = json.loads(text)
        return sample

    def pages(self) -> list[tuple[Party, str]]:
        """All that people look at."""
        job = f"/v1/jobs/{self.placed}.collect.{self.farm.id}"
        mine = (
            (self.farm, ("/v1/products", "/v1/lots", f"/v1/lots/{self.lot}", "/v1/reservations")),
            (self.shop, ("/v1/offers", "/v1/orders", f"/v1/orders/{self.placed}", f"/v1/orders/{self.delivered}")),
            (self.van, ("/v1/board", "/v1/jobs", job)),
            (self.shop.operator, ("/v1/orders",)),
            (self.van.operator, ("/v1/jobs", job)),
        )
        return [(who, path) for who, those in mine for path in those]


def broken(town: Town) -> list[str]:
    """Pages that do not answer as they should."""
    return [path for who, path in town.pages() if who.get(path).status_code not in {200, 404}]


@pytest.fixture(scope="module")
def town() -> Town:
    return Town(Chain())


@pytest.fixture(scope="module")
def before(town: Town) -> Any:
    return town.chain.snapshot()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
@pytest.mark.parametrize("number", [0, -1, 2**63 - 1, -(2**63)])
def test_an_event_with_absurd_numbers_breaks_no_page_and_no_stock(
    town: Town, before: Any, event: type[Event], number: int
) -> None:
    town.chain.restore(before)
    sample = town.about(event)
    for path in paths(sample["data"]):
        if type(parent(sample["data"], path)[path[-1]]) is int:
            sample = put(sample, ("data", *path), number)

    town.chain.publish(event.topic, sample["data"][event.key], raw(sample))

    assert broken(town) == []
    stock = stock_of(town.farm, town.lot)
    assert stock["listed"] == sum(stock.values()) - stock["listed"]
    assert min(stock.values()) >= 0


@pytest.mark.parametrize("text", ["", "2030-01-08T08:00:00+01:00"])
@pytest.mark.parametrize(("event", "path"), [(name, path) for name, those in INSTANTS.items() for path in those])
def test_an_instant_that_is_none_makes_a_dead_letter(
    town: Town, before: Any, event: str, path: Steps, text: str
) -> None:
    town.chain.restore(before)
    sample = golden(event)

    town.chain.publish(BY_TYPE[sample["type"]].topic, sample["subject"], raw(put(sample, path, text)))

    assert town.chain.dead() != []
