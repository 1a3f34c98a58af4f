"""Keeps the farms' lots on offer: lists what is missing or too old, and lists more of what runs low."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from deploy.hub.demo.client import Client
from deploy.hub.demo.days import at_hour, day_after
from deploy.hub.demo.parties import Cast, DemoLot, Farm
from shared import clock
from shared.ids import derived_id

_LOTS = "/producers/v1/lots"
_PRODUCTS = "/producers/v1/products"
_DAY_S = 86_400
_OPENS_H, _CLOSES_H = 5, 20  # a farm's day, on the Brussels clock
_COLLECT_DAYS = 5
_LOW = 2  # less than one of so many parts of a lot's usual stock is left

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Stocked:
    """How many lots were listed anew, filled up, and taken off offer because they were too old."""

    listed: int
    filled: int
    withdrawn: int

    def plus(self, other: "Stocked") -> "Stocked":
        """Both together."""
        return Stocked(
            listed=self.listed + other.listed,
            filled=self.filled + other.filled,
            withdrawn=self.withdrawn + other.withdrawn,
        )


def stock(cast: Cast, clients: Mapping[str, Client], now: str, tick: Callable[[str], None]) -> Stocked:
    """Every lot of every farm on offer, with stock; `tick(name)` is called as each farm is done."""
    total = Stocked(listed=0, filled=0, withdrawn=0)
    for farm in cast.farms:
        total = total.plus(_stock_farm(clients[farm.kbo], farm, now))
        tick(farm.name)
    return total


def lot_body(lot: DemoLot, product_id: str, now: str) -> dict[str, Any]:
    """What a farm lists today."""
    days = min(lot.keeps_days, _COLLECT_DAYS)
    return {
        "product_id": product_id,
        "lot_code": f"{lot.ware.upper()[:20]}-{clock.brussels_day(now).replace('-', '')}",
        "harvested_on": day_after(now, -lot.made_days_ago),
        "best_before": day_after(now, lot.keeps_days),
        "stock": lot.stock,
        "packs": [asdict(pack) for pack in lot.packs],
        "collect": {"start": at_hour(day_after(now, 0), _OPENS_H), "end": at_hour(day_after(now, days), _CLOSES_H)},
    }


def is_fresh(lot: Document, now: str) -> bool:
    """Whether a lot on offer can still be ordered for tomorrow."""
    tomorrow = day_after(now, 1)
    kept = lot["best_before"] is None or lot["best_before"] >= tomorrow
    return bool(kept and clock.parse(lot["collect"]["end"]) > clock.plus(now, seconds=_DAY_S))


def fill_up(client: Client, lot: Document, more: int) -> Document:
    """Lists so many base units more of a lot."""
    filled: Document = client.patch(f"{_LOTS}/{lot['id']}", {"listed": lot["stock"]["listed"] + more})
    return filled


def _stock_farm(client: Client, farm: Farm, now: str) -> Stocked:
    products = {each["product"]["name"]: each["id"] for each in client.all(_PRODUCTS)}
    lots = list(client.all(_LOTS))
    total = Stocked(listed=0, filled=0, withdrawn=0)
    for lot in farm.lots:
        name = lot.product.name
        product_id = products.get(name) or _make_product(client, farm, lot)
        mine = [each for each in lots if each["product_id"] == product_id]
        total = total.plus(_stock_lot(client, lot, product_id, mine, now))
    return total


def _make_product(client: Client, farm: Farm, lot: DemoLot) -> str:
    once = derived_id("product", farm.kbo, lot.product.name)
    return str(client.post(_PRODUCTS, asdict(lot.product), once=once)["id"])


def _stock_lot(client: Client, lot: DemoLot, product_id: str, lots: list[Document], now: str) -> Stocked:
    offered = [each for each in lots if each["status"] != "withdrawn"]
    old = [each for each in offered if not is_fresh(each, now)]
    for each in old:
        client.post(f"{_LOTS}/{each['id']}/withdraw")
    fresh = next((each for each in offered if is_fresh(each, now)), None)
    if fresh is None:
        once = derived_id("lot", product_id, str(len(lots)), now)
        client.post(_LOTS, lot_body(lot, product_id, now), once=once)
        return Stocked(listed=1, filled=0, withdrawn=len(old))
    return Stocked(listed=0, filled=_fill_if_low(client, lot, fresh), withdrawn=len(old))


def _fill_if_low(client: Client, lot: DemoLot, fresh: Document) -> int:
    available = fresh["stock"]["available"]
    if available * _LOW >= lot.stock:
        return 0
    fill_up(client, fresh, lot.stock - available)
    return 1


def offered_lots(client: Client) -> Iterable[Document]:
    """All lots of the hub that can be ordered, for its operator."""
    return [lot for status in ("on_offer", "sold_out") for lot in client.all(_LOTS, status=status)]
