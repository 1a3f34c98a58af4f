"""Times and windows that cannot be, at the edge of a lot and of an order; and those that only look so."""

from collections.abc import Iterator

import pytest

from tests.chain import Chain, Party, ok, refused
from tests.setups import KILO, buyer, list_lot, order_body, producer

INVALID = "invalid_values"
BEFORE_THE_GAP = "2026-03-23T08:00:00.000Z"
BEFORE_THE_HOUR_THAT_COMES_TWICE = "2026-10-20T08:00:00.000Z"

# start, end, what a lot is answered, what an order is answered
IMPOSSIBLE = [
    ("2029-01-08T08:00:00+01:00", "2029-01-08T12:00:00+01:00", ("window_over", "end"), ("window_past", "end")),
    ("2030-01-08T12:00:00+01:00", "2030-01-08T08:00:00+01:00", (INVALID, "end"), (INVALID, "end")),
    ("2030-01-08T08:00:00+01:00", "2030-01-08T08:00:00+01:00", (INVALID, "end"), (INVALID, "end")),
    ("2030-01-08T08:00:00+01:00", "2030-01-08T08:00:00+02:00", (INVALID, "end"), (INVALID, "end")),
    ("2030-01-08T08:00:00", "2030-01-08T12:00:00+01:00", (INVALID, "start"), (INVALID, "start")),
    ("2030-01-08T08:00:00+01:00", "2030-01-08T12:00:00", (INVALID, "end"), (INVALID, "end")),
    ("2030-01-08", "2030-01-09", (INVALID, "start"), (INVALID, "start")),
    ("2030-02-30T08:00:00Z", "2030-03-01T08:00:00Z", (INVALID, "start"), (INVALID, "start")),
    ("2030-01-08T24:00:00Z", "2030-01-09T08:00:00Z", (INVALID, "start"), (INVALID, "start")),
    ("2030-01-08T08:00:00+99:00", "2030-01-08T12:00:00Z", (INVALID, "start"), (INVALID, "start")),
    ("0001-01-01T00:00:00+10:00", "2030-01-08T12:00:00Z", (INVALID, "start"), (INVALID, "start")),
    ("2030-01-08T08:00:00Z", "9999-12-31T23:59:59-10:00", (INVALID, "end"), (INVALID, "end")),
    ("tomorrow", "later", (INVALID, "start"), (INVALID, "start")),
    ("", "", (INVALID, "start"), (INVALID, "start")),
    (1_893_456_000, 1_893_459_600, (INVALID, "start"), (INVALID, "start")),
    (None, None, (INVALID, "start"), (INVALID, "start")),
]


@pytest.fixture(scope="module")
def market() -> tuple[Party, Party, str]:
    chain = Chain()
    farm, shop = producer(chain), buyer(chain)
    return farm, shop, list_lot(farm)


@pytest.fixture
def unchanged(market: tuple[Party, Party, str]) -> Iterator[None]:
    before = market[0].chain.snapshot()
    yield
    assert market[0].chain.snapshot() == before, "A refusal changed something."


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("start", "end", "for_lot", "for_order"), IMPOSSIBLE)
def test_a_window_that_cannot_be_is_refused(
    market: tuple[Party, Party, str], start: str, end: str, for_lot: tuple[str, str], for_order: tuple[str, str]
) -> None:
    farm, shop, lot = market
    window = {"start": start, "end": end}
    product = ok(farm.get(f"/v1/lots/{lot}"))["product_id"]
    new_lot = {"product_id": product, "stock": 1_000, "packs": [KILO], "collect": window}

    refused(farm.post("/v1/lots", new_lot), 422, for_lot[0], f"collect.{for_lot[1]}")
    refused(farm.patch(f"/v1/lots/{lot}", {"collect": window}), 422, for_lot[0], f"collect.{for_lot[1]}")
    refused(shop.post("/v1/orders", order_body((lot, 1), window=window)), 422, for_order[0], f"window.{for_order[1]}")


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("start", "end", "code", "field"),
    [
        ("2030-01-09T08:00:00+01:00", "2030-01-10T08:00:01+01:00", "window_too_long", "window.end"),
        ("2030-04-09T08:00:00+02:00", "2030-04-09T12:00:00+02:00", "window_too_far", "window.start"),
        ("2030-01-07T09:30:00+01:00", "2030-01-07T10:00:00+01:00", "not_ready_in_time", "lines.0.lot_id"),
    ],
)
def test_a_delivery_window_that_no_order_can_have_is_refused(
    market: tuple[Party, Party, str], start: str, end: str, code: str, field: str
) -> None:
    _, shop, lot = market

    refused(shop.post("/v1/orders", order_body((lot, 1), window={"start": start, "end": end})), 422, code, field)


@pytest.mark.parametrize(
    ("now", "start", "end", "shown"),
    [
        # 02:30 does not exist on 29 March 2026; with an offset it is an instant all the same, shown as the clock did.
        (BEFORE_THE_GAP, "2026-03-29T02:30:00+01:00", "2026-03-29T05:00:00+02:00", "2026-03-29T03:30:00+02:00"),
        (BEFORE_THE_GAP, "2026-03-29T02:30:00+02:00", "2026-03-29T05:00:00+02:00", "2026-03-29T01:30:00+01:00"),
        # 02:30 comes twice on 25 October 2026: the offset tells which.
        (
            BEFORE_THE_HOUR_THAT_COMES_TWICE,
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:30:00+01:00",
            "2026-10-25T02:30:00+02:00",
        ),
    ],
)
def test_a_time_in_the_night_of_summer_time_is_the_instant_that_its_offset_says(
    now: str, start: str, end: str, shown: str
) -> None:
    chain = Chain(now=now)
    farm = producer(chain)

    lot = list_lot(farm, collect={"start": start, "end": end})

    assert ok(farm.get(f"/v1/lots/{lot}"))["collect"]["start"] == shown


@pytest.mark.parametrize("local", ["2026-03-29T02:30:00", "2026-10-25T02:30:00", "2026-03-29T02:30:00 Europe/Brussels"])
def test_a_time_in_the_night_of_summer_time_without_its_offset_is_refused(local: str) -> None:
    chain = Chain(now=BEFORE_THE_GAP)
    farm, shop = producer(chain), buyer(chain)
    lot = list_lot(farm, collect={"start": "2026-03-28T08:00:00+01:00", "end": "2026-03-28T12:00:00+01:00"})
    before = chain.snapshot()

    response = shop.post(
        "/v1/orders", order_body((lot, 1), window={"start": local, "end": "2026-11-01T05:00:00+01:00"})
    )

    refused(response, 422, INVALID, "window.start")
    assert chain.snapshot() == before
