"""Events in, documents and events out, through the real consumer and relay on a store and a broker in memory."""

from dataclasses import replace

import pytest

from services.orders.app.kinds import OFFER, ORDER
from services.orders.app.steps import data_of
from shared.consumer import Message
from shared.errors import NeverError
from shared.events.lots import LotChanged, LotWithdrawn
from shared.events.reservations import StockReserved
from tests.unit.orders.bench import Bench
from tests.unit.orders.world import (
    ANSWER_BY,
    FARM,
    a_lot,
    asked,
    left_farm,
    placed,
    refused,
    released,
    reserved,
    weighed,
    whole_way,
)


def test_a_listed_lot_is_copied_and_follows_its_changes() -> None:
    bench = Bench()

    bench.send(LotChanged(lot_id="lot-1", lot=a_lot(revision=2, available=0)))
    bench.list_lots(a_lot())
    bench.send(LotWithdrawn(lot_id="lot-1", revision=3))

    offer = bench.offer()
    assert (offer.on_offer, offer.in_stock, offer.withdrawn_at_revision) == (False, False, 3)
    assert bench.dead() == 0


def test_an_order_goes_its_whole_way() -> None:
    bench = Bench()
    bench.hold()

    bench.send(*whole_way(), released(), left_farm(grams=1), weighed(50_000))

    order = bench.order()
    assert order.status == "delivered"
    assert order.lines[0].current.grams == 50_000
    assert bench.told() == ["OrderConfirmed", "OrderDelivered"]


def test_everything_again_changes_nothing() -> None:
    bench = Bench()
    bench.hold()
    bench.send(*whole_way())
    order, told = bench.order(), bench.told()

    bench.worker._consumer._subscription.replay()  # type: ignore[attr-defined]  # the memory bus has it
    bench.run()

    assert (bench.order(), bench.told()) == (order, told)


def test_all_in_one_batch_gives_the_same_as_one_by_one() -> None:
    together, apart = Bench(), Bench()
    for bench in (together, apart):
        bench.hold()

    together.send(*whole_way())
    for event in whole_way():
        apart.send(event)

    assert together.order() == apart.order()
    assert together.told() == apart.told()


def test_an_event_of_an_unknown_order_is_skipped() -> None:
    bench = Bench()

    bench.send(reserved(), refused(wish="substitute_ok"), *whole_way())

    assert bench.ledger.load(ORDER, "order-1") is None
    assert bench.dead() == 0


def test_an_order_that_nobody_answers_is_refused_when_it_is_due() -> None:
    bench = Bench()
    bench.hold()

    bench.run()
    assert bench.order().status == "placed"

    bench.now = ANSWER_BY
    bench.run()
    assert bench.order().status == "refused"
    assert bench.told() == ["OrderRefused"]


def test_a_refused_line_is_tried_with_the_nearest_lot_that_is_alike() -> None:
    bench = Bench()
    far = a_lot("lot-far", place=replace(FARM, lat=51.3))
    fish = a_lot("lot-fish", product=replace(a_lot().product, kind="fish"))
    bench.list_lots(a_lot(), far, fish, a_lot("lot-near"))
    bench.hold(placed(asked(wish="substitute_ok")))

    bench.send(refused(wish="substitute_ok"))

    assert bench.told() == ["LineSubstituted"]
    assert bench.order().lines[0].current.source.lot_id == "lot-near"


def test_past_the_deadline_no_substitute_is_looked_for() -> None:
    bench = Bench()
    bench.list_lots(a_lot("lot-near"))
    bench.hold(placed(asked(wish="substitute_ok")))
    bench.now = ANSWER_BY

    bench.send(refused(wish="substitute_ok"))

    assert bench.told() == ["OrderRefused"]


def test_without_the_wish_no_offer_is_read() -> None:
    bench = Bench()
    bench.list_lots(a_lot("lot-near"))
    bench.hold()

    bench.send(refused())

    assert bench.told() == ["OrderRefused"]
    assert bench.ledger.count(OFFER, {}) == 1


def test_a_handler_refuses_an_event_of_another_type() -> None:
    message = Message(id="x", type="t", time="2030-01-01T00:00:00.000Z", traceparent="", data=refused())

    with pytest.raises(NeverError, match="StockReserved"):
        data_of(message, StockReserved)
