from dataclasses import replace
from typing import Any

import pytest

from services.producers.app.kinds import LOT
from services.producers.domain.listing import list_lot
from services.producers.domain.lot import Lot
from services.producers.domain.stock import Request, reserve
from services.producers.main import SERVICE
from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel
from shared.events.base import Event
from shared.events.envelope import seal
from shared.events.jobs import Goods, JobDone, JobFailed
from shared.hub import DEFAULT_HUB
from shared.values import Window
from shared.wiring import Parts, worker_on
from tests.unit.producers.desk import ANNA, BERT, Desk, made, refused
from tests.unit.producers.given import BAG, KILO, NOW, draft, line

FAR = "2090-01-01T00:00:00.000Z"
JUST_AFTER_MIDNIGHT = Window(start="2090-01-02T23:30:00.000Z", end="2090-01-03T03:00:00.000Z")
NEXT_WEEK = Window(start="2090-01-10T08:00:00.000Z", end="2090-01-10T10:00:00.000Z")


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    hold(desk, "carrots", JUST_AFTER_MIDNIGHT)
    hold(desk, "chickens", JUST_AFTER_MIDNIGHT, by_weight=True)
    hold(desk, "later", NEXT_WEEK)
    hold(desk, "of-bert", NEXT_WEEK, producer=BERT)
    return desk


def hold(desk: Desk, id_: str, window: Window, *, by_weight: bool = False, producer: str = ANNA) -> None:
    packs = (replace(KILO, by_weight=by_weight), BAG)
    listed, _ = list_lot(None, draft(*packs, stock=500_000, collect=window), NOW)
    lot = replace(listed, id=id_, page_key=f"{NOW}/{id_}", producer_id=producer)
    desk.ledger.decide(LOT, id_, lambda _: (lot, ()))


def order(desk: Desk, order_id: str, *lots: str, count: int = 3) -> None:
    for number, lot_id in enumerate(lots, 1):
        asked = line(count, line_id=str(number), lot=lot_id)
        request = Request(order_id=order_id, answer_by=FAR, keep_until=FAR, lines=(asked,))
        desk.ledger.decide(LOT, lot_id, lambda lot, request=request: reserving(lot, request))  # type: ignore[misc]  # bound now


def reserving(lot: Lot | None, request: Request) -> Any:
    assert lot is not None
    return reserve(lot, request, NOW)


def run_worker(desk: Desk, *events: Event) -> None:
    """Takes in these events, and what the service told itself."""
    broker = MemoryBroker(partitions=1)
    parts = Parts(store=desk.store, hub=DEFAULT_HUB, now=lambda: NOW)
    worker = worker_on(SERVICE, parts, broker, broker.subscribe("p", SERVICE.consumes), lambda: None)
    for number, event in enumerate(events):
        event_id = f"{event}-{number}"
        sealed = seal(event, event_id=event_id, service="logistics", now=NOW, traceparent="")
        broker.publish([Parcel(topic=sealed.topic, key=sealed.key, value=sealed.body.encode())])
    while worker.turn():
        pass


def collected(order_id: str, *lots: str, count: int = 3, grams: int | None = None) -> JobDone:
    lines = tuple(
        Goods(line_id=str(number), attempt=1, lot_id=lot_id, count=count, grams=grams)
        for number, lot_id in enumerate(lots, 1)
    )
    return JobDone(job_id="j", order_id=order_id, kind="collect", lines=lines, enterprise_id="e")


def listed(desk: Desk, query: str = "", by: str = ANNA) -> list[dict[str, Any]]:
    return list(made(desk.get(f"/v1/reservations?{query}", by=by))["items"])


def test_what_is_open_is_grouped_by_order_and_day_soonest_first(desk: Desk) -> None:
    order(desk, "o-1", "later", "carrots", "chickens", count=11)
    order(desk, "o-2", "carrots")

    groups = listed(desk)

    assert [(each["pickup_day"], each["order_id"]) for each in groups] == [
        ("2090-01-03", "o-1"),
        ("2090-01-03", "o-2"),
        ("2090-01-10", "o-1"),
    ]
    assert groups[0]["totals"] == {"lines": 2, "packs": 22, "crates": 4, "grams": 22_000}
    assert groups[0]["collect"] == {"start": "2090-01-03T00:30:00+01:00", "end": "2090-01-03T04:00:00+01:00"}
    first = groups[0]["lines"][0]
    assert (first["reservation_id"], first["pack_label"], first["measured"]) == ("o-1.2.1", "1 kg", False)


def test_thousands_of_orders_come_in_pieces_that_miss_none(desk: Desk) -> None:
    for number in range(25):
        order(desk, f"o-{number:02}", "carrots", "later", count=1)

    seen, cursor = [], None
    while True:
        page = made(desk.get("/v1/reservations", query_string={"limit": 20, **({"cursor": cursor} if cursor else {})}))
        seen += [(each["pickup_day"], each["order_id"]) for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 50
    assert seen == sorted(seen)


def test_what_is_open_on_one_lot_can_be_asked(desk: Desk) -> None:
    order(desk, "o-1", "carrots", "chickens")

    (group,) = listed(desk, "lot_id=chickens")

    assert [each["lot_id"] for each in group["lines"]] == ["chickens"]


def test_what_was_collected_is_told_with_its_measured_weight(desk: Desk) -> None:
    order(desk, "o-1", "chickens", "carrots")
    run_worker(desk, collected("o-1", "chickens", count=2, grams=2_150))

    (group,) = listed(desk, "status=collected")
    (still_open,) = listed(desk)

    (chicken,) = group["lines"]
    assert (chicken["count"], chicken["quantity"], chicken["grams"], chicken["measured"]) == (2, 2_000, 2_150, True)
    assert chicken["status"] == "collected"
    assert [each["lot_id"] for each in still_open["lines"]] == ["carrots"]


def test_what_was_gone_or_given_back_is_told(desk: Desk) -> None:
    order(desk, "o-1", "carrots")
    order(desk, "o-2", "carrots")
    for_carrots = (Goods(line_id="1", attempt=1, lot_id="carrots", count=3),)

    def failed(order_id: str, stock: Any) -> JobFailed:
        return JobFailed(
            job_id="j",
            order_id=order_id,
            kind="collect",
            lines=for_carrots,
            enterprise_id=None,
            reason="closed",
            again=False,
            stock=stock,
        )

    run_worker(desk, failed("o-1", "gone"), failed("o-2", "back"))

    assert [each["order_id"] for each in listed(desk, "status=lost")] == ["o-1"]
    assert [each["order_id"] for each in listed(desk, "status=released&lot_id=carrots")] == ["o-2"]
    assert listed(desk) == []


def test_history_comes_in_pieces(desk: Desk) -> None:
    for number in range(5):
        order(desk, f"o-{number}", "carrots")
        run_worker(desk, collected(f"o-{number}", "carrots"))

    first = made(desk.get("/v1/reservations?status=collected&limit=3"))
    query = {"status": "collected", "limit": 3, "cursor": first["next"]}
    second = made(desk.get("/v1/reservations", query_string=query))

    assert len({each["order_id"] for each in first["items"] + second["items"]}) == 5
    assert second["next"] is None


def test_a_producer_sees_its_own_reservations_and_the_operator_all(desk: Desk) -> None:
    order(desk, "o-1", "carrots", "of-bert")
    run_worker(desk, collected("o-1", "carrots", "of-bert"))
    order(desk, "o-2", "carrots", "of-bert")

    assert {each["producer_id"] for each in listed(desk, by=BERT)} == {BERT}
    assert {each["producer_id"] for each in listed(desk, f"producer_id={ANNA}", by=BERT)} == {BERT}
    assert {each["producer_id"] for each in listed(desk, "lot_id=carrots", by=BERT)} == set()
    assert {each["producer_id"] for each in listed(desk, "status=collected&lot_id=carrots", by=BERT)} == set()
    assert {each["producer_id"] for each in listed(desk, by="operator")} == {ANNA, BERT}
    assert {each["producer_id"] for each in listed(desk, f"producer_id={BERT}", by="operator")} == {BERT}


def test_a_farmer_weighs_what_is_billed_by_weight(desk: Desk) -> None:
    order(desk, "o-1", "chickens")

    weighed = made(desk.post("/v1/lots/chickens/reservations/o-1.1.1/weight", {"grams": 3_240}))

    assert (weighed["grams"], weighed["measured"]) == (3_240, True)
    (group,) = listed(desk)
    assert group["totals"]["grams"] == 3_240


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("chickens/reservations/o-1.1.1", {"grams": 3}, 422, "implausible_weight"),
        ("chickens/reservations/o-1.1.1", {"grams": "3000"}, 422, "invalid_values"),
        ("chickens/reservations/o-9.1.1", {"grams": 3_000}, 404, "no_such_reservation"),
        ("carrots/reservations/o-1.2.1", {"grams": 3_000}, 409, "not_by_weight"),
        ("nothing/reservations/o-1.1.1", {"grams": 3_000}, 404, "no_such_lot"),
    ],
)
def test_a_weight_that_cannot_be_is_refused(
    desk: Desk, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    order(desk, "o-1", "chickens", "carrots")

    response = desk.post(f"/v1/lots/{path}/weight", body)

    refused(response, status, code, "grams" if status == 422 else None)
