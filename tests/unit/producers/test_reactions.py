"""Events in, documents and events out, through the real consumer and relay on a store and a broker in memory."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from services.producers.app import on_orders
from services.producers.app.kinds import LOT, REFUSAL, SETTLEMENT
from services.producers.app.on_orders import learn
from services.producers.domain.lot import account
from shared import clock
from shared.bus.port import Parcel
from shared.events.base import Event
from shared.events.jobs import JobOffered
from shared.events.orders import (
    DeliveredLine,
    LineSubstituted,
    OrderCancelled,
    OrderDelivered,
    OrderRefused,
)
from tests.unit.producers.bench import Bench
from tests.unit.producers.given import ANSWER_BY, COLLECT, KILO, MUCH_LATER, a_lot, line, ref, stock_of
from tests.unit.producers.told import DELIVERED, FAILED, cancelled, done, failed, goods, job_cancelled, placed


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.hold()
    return bench


def test_an_order_is_answered_line_by_line(bench: Bench) -> None:
    bench.hold(replace(a_lot(KILO), id="lot-2"))

    bench.send(placed(line(5), line(2, line_id="2", pack="p2"), line(30, line_id="3", lot="lot-2")))

    assert stock_of(bench.lot()) == (5_000, 15_000, 0, 0)
    assert sorted(bench.told()) == ["StockRefused", "StockReserved", "StockReserved"]
    assert bench.dead() == 0


def test_a_line_on_a_lot_that_does_not_exist_is_refused_once(bench: Bench) -> None:
    bench.send(placed(line(5), line(1, line_id="2", lot="nowhere")))
    bench.send(placed(line(5), line(1, line_id="2", lot="nowhere")))

    refused = [data for name, data in bench.published("reservations") if name == "StockRefused"]
    assert [(each["reason"], each["line_id"]) for each in refused] == [("no_such_lot", "2")]
    assert bench.ledger.load(REFUSAL, "order-1.2.1") is not None
    assert stock_of(bench.lot()) == (15_000, 5_000, 0, 0)


def test_a_substitute_is_set_aside(bench: Bench) -> None:
    bench.send(
        LineSubstituted(order_id="order-1", buyer_id="b", answer_by=ANSWER_BY, line=line(3, attempt=2)),
    )

    assert bench.lot().reservations[0].id == "order-1.1.2"


def test_a_refused_order_gives_its_stock_back(bench: Bench) -> None:
    bench.send(placed())

    bench.send(OrderRefused(order_id="order-1", reason="no_answer", lines=(ref(), ref("9"))))

    assert stock_of(bench.lot()) == (20_000, 0, 0, 0)


def test_a_clock_that_jumps_back_does_not_make_a_repeated_request_good_again(bench: Bench) -> None:
    right, bench.now = bench.now, clock.plus(ANSWER_BY, seconds=900)
    bench.send(placed())
    bench.send(placed(order="order-2"))

    bench.now = right
    bench.send(placed())

    assert bench.told() == ["StockRefused", "StockRefused"]
    assert stock_of(bench.lot()) == (20_000, 0, 0, 0)


def test_a_cancelled_order_gives_its_stock_back_unless_work_exists(bench: Bench) -> None:
    bench.send(placed())

    bench.send(cancelled(confirmed=True))
    confirmed = stock_of(bench.lot())
    bench.send(cancelled(confirmed=False))

    assert confirmed == (15_000, 5_000, 0, 0)
    assert stock_of(bench.lot()) == (20_000, 0, 0, 0)


def test_a_cancellation_that_overtakes_its_order_wins(bench: Bench) -> None:
    bench.send(cancelled(confirmed=False))
    bench.send(placed())

    assert stock_of(bench.lot()) == (20_000, 0, 0, 0)
    assert bench.told() == []


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (job_cancelled("collect"), (20_000, 0, 0, 0)),
        (job_cancelled("deliver"), (15_000, 5_000, 0, 0)),
        (failed("collect", goods(5), again=True), (15_000, 5_000, 0, 0)),
        (failed("collect", goods(5)), (20_000, 0, 0, 0)),
        (failed("collect", goods(5), stock="gone"), (15_000, 0, 0, 5_000)),
        (done("collect", goods(5)), (15_000, 0, 5_000, 0)),
        (done("collect", goods(3), short=[goods(2)]), (15_000, 0, 3_000, 2_000)),
        (done("collect", goods(3), short=[goods(2)], stock="back"), (17_000, 0, 3_000, 0)),
        (done("collect", short=[goods(5)], stock="back"), (20_000, 0, 0, 0)),
        (done("collect", goods(-3)), (15_000, 0, 0, 5_000)),
        (done("collect", goods(2, line_id="7")), (15_000, 5_000, 0, 0)),
    ],
)
def test_a_collection_moves_stock(bench: Bench, event: Event, expected: tuple[int, int, int, int]) -> None:
    bench.send(placed())

    bench.send(event, event)

    assert stock_of(bench.lot()) == expected
    assert bench.dead() == 0


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (done("deliver", goods(5)), (15_000, 0, 5_000, 0)),
        (done("deliver", goods(3), short=[goods(2)], stock="back"), (17_000, 0, 3_000, 0)),
        (done("deliver", goods(3), short=[goods(2)]), (15_000, 0, 5_000, 0)),
        (failed("deliver", goods(5)), (20_000, 0, 0, 0)),
        (failed("deliver", goods(5), stock="gone"), (15_000, 0, 5_000, 0)),
        (failed("deliver", goods(5), again=True), (15_000, 0, 5_000, 0)),
        (failed("pack", goods(5)), (20_000, 0, 0, 0)),
    ],
)
def test_what_comes_back_after_collection_is_free_again(
    bench: Bench, event: Event, expected: tuple[int, int, int, int]
) -> None:
    bench.send(placed(), done("collect", goods(5)))

    bench.send(event, event)

    assert stock_of(bench.lot()) == expected


@pytest.mark.parametrize("ending", [DELIVERED, FAILED])
def test_the_end_of_an_order_settles_what_it_had(bench: Bench, ending: Event) -> None:
    bench.send(placed(), done("collect", goods(5)))

    bench.send(ending)

    assert bench.lot().reservations[0].ended_until is not None


CHAIN: tuple[Event, ...] = (done("collect", goods(4), short=[goods(1)]), done("deliver", goods(4)))


@pytest.mark.parametrize(
    "events",
    [
        (*CHAIN, DELIVERED),
        (DELIVERED, *CHAIN),
        (CHAIN[0], DELIVERED, CHAIN[1]),
        (*CHAIN, DELIVERED, *CHAIN, DELIVERED),
        (DELIVERED, DELIVERED, CHAIN[0], CHAIN[0], CHAIN[1], DELIVERED),
    ],
)
def test_orders_and_jobs_may_tell_in_any_order_and_twice(bench: Bench, events: Sequence[Event]) -> None:
    bench.send(placed())

    bench.now = MUCH_LATER
    bench.send(*events)

    assert stock_of(bench.lot()) == (15_000, 0, 4_000, 1_000)
    assert bench.lot().reservations == ()
    assert bench.told().count("StockCollected") == 1
    assert bench.dead() == 0


def test_a_batch_is_handled_as_its_events_one_by_one(bench: Bench) -> None:
    one_by_one, at_once = Bench(), bench
    one_by_one.hold()
    orders = [placed(line(n % 3 + 1), order=f"order-{n}") for n in range(30)]

    for order in orders:
        one_by_one.send(order)
    at_once.send(*orders)

    assert one_by_one.lot() == at_once.lot()


def test_all_messages_delivered_once_more_leave_the_documents_as_they_are(bench: Bench) -> None:
    bench.send(
        placed(), done("collect", goods(4), short=[goods(1)], stock="back"), done("deliver", goods(4)), DELIVERED
    )
    before = documents(bench)

    for topic in ("orders", "jobs", "reservations"):
        records = list(bench.broker.logs[topic, 0])
        bench.broker.publish([Parcel(topic=topic, key=each.key, value=each.value) for each in records])
    bench.run()

    assert documents(bench) == before


def documents(bench: Bench) -> dict[str, object]:
    return {kind.collection: bench.store.find(kind.collection, {}) for kind in (LOT, SETTLEMENT, REFUSAL)}


def test_events_that_do_not_concern_stock_are_passed_over(bench: Bench) -> None:
    before = account(bench.lot())

    bench.send(
        JobOffered(job_id="j", order_id="order-1", kind="collect", lines=(goods(5),), window=COLLECT, pay_cents=900)
    )

    assert account(bench.lot()) == before
    assert bench.dead() == 0


def test_events_about_lots_that_do_not_exist_change_nothing(bench: Bench) -> None:
    bench.send(
        OrderCancelled(order_id="order-1", confirmed=False, lines=(ref(lot="nowhere"),)),
        done("collect", goods(5, lot="nowhere")),
        OrderDelivered(order_id="order-1", lines=(DeliveredLine(line_id="1", lot_id="nowhere", count=5),)),
    )

    assert bench.ledger.load(LOT, "nowhere") is None
    assert bench.dead() == 0


def test_lots_are_known_once_and_forgotten_when_they_are_too_many(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_orders, "KNOWN_LOTS", 0)
    bench.hold(replace(a_lot(), id="lot-2"))
    known: set[str] = set()

    learn(bench.ledger, known, ["lot-1"])
    learn(bench.ledger, known, ["lot-1", "lot-2", "nowhere"])

    assert known == {"lot-1", "lot-2"}
