"""What tests of producers start from."""

from collections.abc import Sequence

from services.producers.domain.listing import LotDraft, list_lot
from services.producers.domain.lot import Lot, account
from services.producers.domain.pack import PackDraft
from services.producers.domain.product import OwnProduct
from services.producers.domain.reservation import Outcome
from services.producers.domain.stock import GiveBack, Request
from shared.events.base import Event
from shared.events.jobs import Stock
from shared.events.orders import LineRef, WantedLine
from shared.values import Place, Product, Storage, Unit, Window, Wish

NOW = "2030-01-01T08:00:00.000Z"
SOON = "2030-01-01T08:00:10.000Z"
ANSWER_BY = "2030-01-01T09:00:00.000Z"
MUCH_LATER = "2030-01-05T08:00:00.000Z"
COLLECT = Window(start="2030-01-03T07:00:00.000Z", end="2030-01-03T11:00:00.000Z")
PLACE = Place(street="Veldstraat 1", postcode="3360", town="Bierbeek", lat=50.83, lon=4.76)
CARROTS = Product(name="Wortelen", kind="vegetables", unit="g", vat_percent=6, storage=Storage(kind="ambient"))
KILO = PackDraft(label="1 kg", size=1_000, price_cents=180)
BAG = PackDraft(label="5 kg", size=5_000, price_cents=800)


def own_product(product: Product = CARROTS) -> OwnProduct:
    return OwnProduct(id="prod-1", producer_id="0403170701", product=product, created_at=NOW, page_key=f"{NOW}/prod-1")


def draft(
    *packs: PackDraft,
    stock: int = 20_000,
    unit: Unit = "g",
    harvested_on: str | None = "2029-12-30",
    best_before: str | None = "2030-01-10",
    collect: Window = COLLECT,
) -> LotDraft:
    product = Product(
        name=CARROTS.name, kind=CARROTS.kind, unit=unit, vat_percent=CARROTS.vat_percent, storage=CARROTS.storage
    )
    return LotDraft(
        id="lot-1",
        own=own_product(product),
        own_version=1,
        producer_name="De Wortel",
        lot_code="L-1",
        harvested_on=harvested_on,
        best_before=best_before,
        stock=stock,
        packs=packs or (KILO, BAG),
        place=PLACE,
        collect=collect,
    )


def a_lot(*packs: PackDraft, stock: int = 20_000) -> Lot:
    """Packs p1 (1 kg) and p2 (5 kg) on 20 kg, unless told otherwise."""
    return list_lot(None, draft(*packs, stock=stock), NOW)[0]


def line(
    count: int, *, pack: str = "p1", line_id: str = "1", attempt: int = 1, lot: str = "lot-1", wish: Wish = "exact"
) -> WantedLine:
    return WantedLine(line_id=line_id, attempt=attempt, lot_id=lot, pack_id=pack, count=count, wish=wish)


def asks(*lines: WantedLine, order: str = "order-1", answer_by: str = ANSWER_BY) -> Request:
    return Request(order_id=order, answer_by=answer_by, keep_until=answer_by, lines=lines)


def takes_back(*line_ids: str, order: str = "order-1") -> GiveBack:
    refs = tuple(ref(each) for each in line_ids or ("1",))
    return GiveBack(order_id=order, reason="order_cancelled", lines=refs, keep_until=ANSWER_BY)


def ref(line_id: str = "1", attempt: int = 1, lot: str = "lot-1") -> LineRef:
    return LineRef(line_id=line_id, attempt=attempt, lot_id=lot, producer_id="0403170701")


def moved(count: int, stock: Stock = "back", grams: int | None = None, of: str = "order-1.1.1") -> dict[str, Outcome]:
    return {of: Outcome(moved=count, stock=stock, reason="short", grams=grams)}


def stock_of(lot: Lot) -> tuple[int, int, int, int]:
    """Available, reserved, collected, withdrawn; asserts that they add up."""
    stock = account(lot)
    parts = (stock.available, stock.reserved, stock.collected, stock.withdrawn)
    assert sum(parts) == stock.listed
    assert min(parts) >= 0
    return parts


def names_of(events: Sequence[Event]) -> list[str]:
    return [type(each).__name__ for each in events]
