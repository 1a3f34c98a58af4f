"""Facts that nobody who keeps to the rules tells: they are refused, or bear no fruit."""

from dataclasses import replace

import pytest

from services.orders.app.views import full_view
from services.orders.domain.offer import on_lot_told
from services.orders.domain.progress import courses, ended_at
from services.orders.domain.totals import amounts
from shared.errors import NeverError
from shared.events.jobs import JobDone, JobEscalated
from shared.events.lots import LotListed
from shared.geo import road_metres
from shared.store.aggregate import Saved
from shared.values import Pack
from tests.unit.orders.world import BAG, FARM, a_lot, at, job, placed, reserved, some, tell, told, whole_way


@pytest.mark.parametrize("count", [0, -1, 6, 2**63 - 1])
def test_nothing_or_more_than_was_asked_cannot_be_set_aside(count: int) -> None:
    with pytest.raises(NeverError, match="cannot be set aside"):
        tell(placed(), reserved(count=count), at(1))


def test_an_order_that_ended_can_still_be_shown_after_news_that_its_delivery_goes_on() -> None:
    delivered = told(placed(), *whole_way())

    order = told(delivered, job(JobEscalated, "deliver", reason="r"), start=100)

    assert order.status == "delivered"
    assert ended_at(order) is None
    assert full_view(Saved(id=order.id, version=1, state=order))["ended_at"] is None


def test_fewer_packs_than_none_do_not_change_hands() -> None:
    order = told(placed(), reserved(), job(JobDone, "collect", some(-3)))

    assert courses(order)["1"].collected == 0
    assert amounts(order)["1"].cents == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"packs": ()},
        {"packs": (replace(BAG, size=0),)},
        {"packs": (BAG, replace(BAG, id="b", size=-1))},
        {"place": replace(FARM, lat=1e308)},
        {"place": replace(FARM, lon=-181.0)},
    ],
)
def test_a_lot_that_no_producer_can_list_is_no_offer(changes: dict[str, tuple[Pack, ...]]) -> None:
    lot = a_lot(**changes)

    with pytest.raises(NeverError, match="Lot lot-1"):
        on_lot_told(None, LotListed(lot_id=lot.lot_id, lot=lot))


def test_there_is_a_distance_between_any_two_places() -> None:
    assert road_metres(100.0, 184.0, 80.0, 4.0) == 0
    assert road_metres(90.0, 0.0, -90.0, 180.0) > 0
