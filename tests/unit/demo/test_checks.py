from dataclasses import replace

from deploy.hub.demo.checks import (
    arrivals_add_up,
    goods_add_up,
    jobs_have_one_holder,
    lots_add_up,
    orders_are_explained,
    orders_are_known,
    reservations_add_up,
)
from deploy.hub.demo.facts import Claim, JobFact, LineFact, LotFact, MoveFact, OrderFact

LOT = LotFact(
    id="lot-1", product="Prei", producer="Dijlebroek", unit="g", status="on_offer",
    listed=10_000, available=6_000, reserved=1_000, collected=2_000, withdrawn=1_000,
)  # fmt: skip
LINE = LineFact(id="1", lot_id="lot-1", size=1_000, asked=3, confirmed=3, collected=3, delivered=2)
ORDER = OrderFact(
    id="o1", buyer="De Vaart", status="delivered_in_part", placed_at="2030-01-01T08:00:00.000Z",
    answered_at="2030-01-01T08:00:01.000Z", why="Delivered in part.", lines=(LINE,),
)  # fmt: skip
COLLECT = JobFact(
    id="o1.collect", order_id="o1", kind="collect", status="done", enterprise_id="e1", enterprise="Kruiwagen",
    pay_cents=900, moves=(MoveFact(line_id="1", lot_id="lot-1", size=1_000, moved=3, short=0),),
)  # fmt: skip
DELIVER = replace(
    COLLECT, id="o1.deliver", kind="deliver", short_back=True,
    moves=(MoveFact(line_id="1", lot_id="lot-1", size=1_000, moved=2, short=1),),
)  # fmt: skip


def test_a_lot_that_adds_up_is_right() -> None:
    check = lots_add_up([LOT])

    assert check.count == 1
    assert check.wrong == ()


def test_a_lot_that_does_not_add_up_is_named() -> None:
    (wrong,) = lots_add_up([replace(LOT, available=6_001)]).wrong

    assert "lot-1" in wrong
    assert "Prei" in wrong


def test_a_lot_with_a_negative_part_is_wrong_even_if_it_adds_up() -> None:
    assert len(lots_add_up([replace(LOT, available=-1_000, collected=9_000)]).wrong) == 1


def test_an_acknowledged_order_that_is_gone_is_wrong() -> None:
    assert orders_are_known(["o1"], {"o1": ORDER}).wrong == ()
    assert len(orders_are_known(["o1", "o2"], {"o1": ORDER}).wrong) == 1


def test_an_order_in_a_state_without_a_name_is_wrong() -> None:
    assert len(orders_are_known(["o1"], {"o1": replace(ORDER, status="lost")}).wrong) == 1


def test_an_order_must_say_why() -> None:
    assert orders_are_explained([ORDER]).wrong == ()
    assert len(orders_are_explained([replace(ORDER, why="")]).wrong) == 1


def test_a_job_that_changes_hands_after_it_is_given_back_is_right() -> None:
    claims = [
        Claim(job_id="o1.collect", enterprise_id="e2", taken=True),
        Claim(job_id="o1.collect", enterprise_id="e2", taken=False),
        Claim(job_id="o1.collect", enterprise_id="e1", taken=True),
    ]

    assert jobs_have_one_holder([COLLECT], claims).wrong == ()


def test_a_job_given_to_two_at_once_is_wrong() -> None:
    claims = [Claim(job_id="o1.collect", enterprise_id=each, taken=True) for each in ("e2", "e1")]

    assert len(jobs_have_one_holder([COLLECT], claims).wrong) == 1


def test_a_job_held_by_another_than_it_was_given_to_is_wrong() -> None:
    claims = [Claim(job_id="o1.collect", enterprise_id="e2", taken=True)]

    assert len(jobs_have_one_holder([COLLECT], claims).wrong) == 1


def test_what_left_a_lot_is_what_jobs_carried_less_what_came_back() -> None:
    assert goods_add_up([LOT], [COLLECT, DELIVER]).wrong == ()
    assert len(goods_add_up([LOT], [COLLECT]).wrong) == 1


def test_what_is_gone_does_not_come_back() -> None:
    gone = replace(DELIVER, short_back=False)

    assert goods_add_up([replace(LOT, collected=3_000, available=5_000)], [COLLECT, gone]).wrong == ()


def test_what_a_lot_holds_back_is_what_orders_were_promised_and_nobody_collected() -> None:
    promised = replace(ORDER, status="confirmed", lines=(replace(LINE, confirmed=1, collected=None, delivered=None),))

    assert reservations_add_up([LOT], [promised, ORDER]).wrong == ()
    assert len(reservations_add_up([LOT], [ORDER]).wrong) == 1
    assert len(reservations_add_up([LOT], [replace(promised, status="cancelled")]).wrong) == 1


def test_what_arrived_is_what_was_handed_over() -> None:
    assert arrivals_add_up([ORDER], [COLLECT, DELIVER]).wrong == ()
    assert len(arrivals_add_up([ORDER], [COLLECT]).wrong) == 1
    assert arrivals_add_up([replace(ORDER, status="underway")], [COLLECT]).wrong == ()
