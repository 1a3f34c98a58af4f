from dataclasses import replace

from deploy.hub.demo.account import Facts, answer_times, draw_up
from deploy.hub.demo.checks import Check
from deploy.hub.demo.facts import JobFact, LotFact, OrderFact

LOT = LotFact(
    id="lot-1", product="Prei", producer="Dijlebroek", unit="g", status="on_offer",
    listed=10_000, available=6_000, reserved=1_000, collected=3_000, withdrawn=0,
)  # fmt: skip
ORDER = OrderFact(
    id="o1", buyer="De Vaart", status="delivered", placed_at="2030-01-01T08:00:00.000Z",
    answered_at="2030-01-01T08:00:00.250Z", why="Delivered.", lines=(),
)  # fmt: skip
JOB = JobFact(
    id="o1.deliver", order_id="o1", kind="deliver", status="done", enterprise_id="e1", enterprise="Kruiwagen",
    pay_cents=900,
)  # fmt: skip
RIGHT = Check(says="All is well", count=1, wrong=())


def order(number: int, seconds: int | None) -> OrderFact:
    answered = None if seconds is None else f"2030-01-01T08:00:{seconds:02d}.000Z"
    return replace(ORDER, id=f"o{number}", answered_at=answered)


def test_answer_times_are_nearest_rank_percentiles() -> None:
    found = answer_times([order(number, number) for number in range(1, 21)])

    assert found is not None
    assert (found.count, found.p50, found.p95, found.slowest) == (20, 10.0, 19.0, 20.0)


def test_orders_without_an_answer_have_no_time() -> None:
    assert answer_times([order(1, None)]) is None
    assert answer_times([]) is None


def test_the_account_counts_only_the_orders_of_this_run() -> None:
    facts = Facts(lots=(LOT,), orders=(ORDER, replace(ORDER, id="old", status="refused")), jobs=(JOB,))

    account = draw_up(facts, facts, [RIGHT], ["o1"])

    assert account.by_status == {"delivered": 1}
    assert account.waiting == ()
    assert account.holds


def test_orders_that_wait_are_listed() -> None:
    waiting = replace(ORDER, status="confirmed", why="Confirmed.")
    facts = Facts(lots=(), orders=(waiting,), jobs=(replace(JOB, status="open", enterprise_id=None),))

    account = draw_up(facts, facts, [], ["o1"])

    assert account.waiting == (waiting,)
    assert account.open_jobs == 1
    assert account.work == ()


def test_stock_is_shown_before_and_after_and_new_lots_have_no_before() -> None:
    after = replace(LOT, available=5_000, reserved=2_000)
    new = replace(LOT, id="lot-2", product="Appels")
    account = draw_up(Facts(lots=(LOT,), orders=(), jobs=()), Facts(lots=(after, new), orders=(), jobs=()), [], [])

    assert [(row.after.id, row.before) for row in account.stock] == [("lot-2", None), ("lot-1", LOT)]


def test_work_is_counted_by_enterprise_and_only_done_work_pays() -> None:
    jobs = (JOB, replace(JOB, id="o1.collect", kind="collect", status="started", pay_cents=500))
    facts = Facts(lots=(), orders=(ORDER,), jobs=jobs)

    (row,) = draw_up(facts, facts, [], ["o1"]).work

    assert (row.enterprise, row.done, row.held, row.pay_cents) == ("Kruiwagen", {"deliver": 1}, 1, 900)


def test_a_breach_makes_the_account_not_hold() -> None:
    facts = Facts(lots=(), orders=(), jobs=())

    assert not draw_up(facts, facts, [RIGHT, replace(RIGHT, wrong=("Something.",))], []).holds
