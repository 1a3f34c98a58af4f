"""What people read: the timeline, what an order waits for, the state of each line."""

from services.orders.domain import answers, requests
from services.orders.domain.condition import condition
from services.orders.domain.job import MOST_STEPS
from services.orders.domain.order import Order
from services.orders.domain.phrases import quantity_text, reason_text
from services.orders.domain.progress import courses
from services.orders.domain.stamp import sequence_of
from services.orders.domain.timeline import timeline
from services.orders.domain.waiting import waits_for
from shared.events.jobs import (
    JobCancelled,
    JobClaimed,
    JobDone,
    JobDropped,
    JobEscalated,
    JobFailed,
    JobOffered,
    JobStarted,
)
from tests.unit.orders.world import (
    ANSWER_BY,
    COLLECTED,
    a_lot,
    after,
    asked,
    at,
    job,
    left_farm,
    placed,
    refused,
    released,
    reserved,
    some,
    tell,
    told,
    whole_way,
)


def texts(order: Order) -> list[str]:
    return [entry.text for entry in timeline(order)]


def states(order: Order) -> list[str]:
    found = courses(order)
    return [condition(order, line, found.get(line.id)).state for line in order.lines]


def test_the_whole_way_reads_as_a_story() -> None:
    assert texts(told(placed(), *whole_way())) == [
        "Ordered: 1 line, for De Hoekwinkel. Producers are asked to set it aside.",
        "Confirmed: 1 line set aside in full.",
        "Offered to the enterprises: collect at Hoeve Ter Linde.",
        "De Kring will collect at Hoeve Ter Linde.",
        "De Kring set out to collect at Hoeve Ter Linde.",
        "De Kring collected at Hoeve Ter Linde.",
        "Offered to the enterprises: deliver the order.",
        "De Kring will deliver the order.",
        "De Kring set out to deliver the order.",
        "De Kring delivered the order.",
        "Delivered, all that was ordered.",
    ]


def test_within_one_instant_causes_come_before_effects() -> None:
    stamped = [(event, at(0, number)) for number, event in enumerate(whole_way())]

    order, _ = after(placed(), stamped)

    assert texts(order) == texts(told(placed(), *whole_way()))


def test_every_end_is_explained() -> None:
    late, _ = answers.on_due(placed(), ANSWER_BY)
    early, _ = requests.cancel(placed(), "operator", at(1).at)
    stopped, _ = requests.cancel(told(placed(), reserved()), "buyer", at(5).at)
    failed = told(placed(), reserved(), job(JobFailed, reason="broken_down"))

    assert texts(late)[-1].startswith("Refused: the producers did not answer in time.")
    assert texts(told(placed(), refused()))[-1].startswith("Refused: none of its lines could be set aside.")
    assert texts(early)[-1] == "Cancelled by the hub operator before it was confirmed. Nothing is billed."
    assert texts(told(stopped, job(JobCancelled), start=6))[-1] == (
        "Cancelled: all its work was called off. Nothing is billed."
    )
    assert texts(failed)[-1] == "Not delivered: broken down. Nothing is billed."
    assert texts(told(placed(), *whole_way()[:-1], job(JobDone, "deliver", some(4))))[-1] == (
        "Delivered in part: 0 of 1 line in full. Only what arrived is billed."
    )


def test_shortages_and_substitutes_are_told() -> None:
    order = placed(asked(wish="substitute_ok"), asked(pack_id="bag", wish="less_is_fine"))
    other = a_lot("lot-2", producer_name="De Zonnebloem")
    order, _ = answers.on_stock_refused(order, refused(), at(1), [other])
    order = told(order, reserved("2", 3), reserved("1", 5, "lot-2", 2), start=2)

    assert texts(order)[1:] == [
        "5 × crate 10 kg of Wortelen from Hoeve Ter Linde could not be set aside: sold out.",
        "Asked instead of Wortelen: 5 × crate 10 kg of Wortelen from De Zonnebloem.",
        "Fewer were there: 3 × bag 1 kg of Wortelen set aside, of 5.",
        "Confirmed in part: 1 of 2 lines set aside in full, 1 with fewer packs.",
    ]


def test_trouble_with_jobs_is_told() -> None:
    order = told(
        placed(),
        reserved(),
        job(JobOffered, wide=True),
        job(JobEscalated, reason="unclaimed"),
        job(JobClaimed),
        job(JobDropped, enterprise_id="ent", reason="van_broken"),
        job(JobFailed, enterprise_id=None, reason="not_done_in_time", again=True),
        job(JobStarted),
        job(JobDone, "collect", some(3), short=(some(2),)),
        released(quantity=20_500),
        left_farm(count=3, grams=31_500),
    )

    assert texts(order)[2:] == [
        "Nobody near took it up yet, so it is offered more widely: collect at Hoeve Ter Linde.",
        "Nobody took it up in time: collect at Hoeve Ter Linde. The hub operator has been told.",
        "De Kring will collect at Hoeve Ter Linde.",
        "De Kring gave it back: collect at Hoeve Ter Linde. Reason: van broken.",
        "Nobody could collect at Hoeve Ter Linde: not done in time. It is offered anew.",
        "De Kring set out to collect at Hoeve Ter Linde.",
        "De Kring collected at Hoeve Ter Linde. Missing: 2 × crate 10 kg of Wortelen.",
        "20.5 kg of Wortelen went back to Hoeve Ter Linde: cancelled.",
        "Weighed: 31.5 kg of Wortelen.",
    ]


def test_a_repeated_event_adds_nothing() -> None:
    order = told(placed(), *whole_way())

    for minute, event in enumerate(whole_way()):
        assert tell(order, event, at(1 + minute)) == (order, ())


def test_a_job_that_goes_round_without_end_keeps_its_latest_steps() -> None:
    order = told(placed(), reserved(), job(JobStarted), *[job(JobClaimed), job(JobFailed, again=True)] * 50)

    assert len(order.jobs[0].steps) == MOST_STEPS
    assert order.status == "collecting"


def test_an_order_says_what_it_waits_for() -> None:
    waits = [
        placed(),
        told(placed(), reserved()),
        told(placed(), reserved(), *COLLECTED[:1]),
        told(placed(), reserved(), *COLLECTED[:2]),
        told(placed(), reserved(), *COLLECTED[:1], job(JobEscalated, reason="unclaimed")),
        requests.cancel(told(placed(), reserved()), "buyer", at(9).at)[0],
    ]

    found = [wait for order in waits if (wait := waits_for(order))]

    assert [wait.whom for wait in found] == ["producers", "planning", "enterprise", "work", "operator", "cancelling"]
    assert found[0].what == "The producers' answer on 1 of 1 lines."
    assert found[3].what == "De Kring to collect at Hoeve Ter Linde."
    assert found[3].since == at(3).at


def test_an_order_that_ended_waits_for_nothing() -> None:
    assert waits_for(told(placed(), *whole_way())) is None


def test_lines_have_a_state_that_people_understand() -> None:
    order = placed(asked(), asked(pack_id="bag", wish="less_is_fine"))
    assert states(order) == ["asked", "asked"]

    order = told(order, reserved())
    assert states(order) == ["set_aside", "asked"]

    order = told(order, reserved("2", 3), start=2)
    assert states(order) == ["confirmed", "confirmed_in_part"]

    order = told(order, job(JobDone, "collect", some(4), some(3, "2")), start=10)
    assert states(order) == ["collected_in_part", "collected"]

    order = told(order, job(JobDone, "deliver", some(4)), start=20)
    assert states(order) == ["delivered_in_part", "not_delivered"]


def test_refused_cancelled_and_delivered_lines_say_so() -> None:
    late, _ = answers.on_due(placed(), ANSWER_BY)

    assert states(told(placed(asked(), asked(pack_id="bag")), refused(), reserved("2"))) == ["refused", "confirmed"]
    assert states(late) == ["refused"]
    assert states(told(placed(), reserved(), job(JobCancelled))) == ["cancelled"]
    assert states(told(placed(), *whole_way())) == ["delivered"]


def test_quantities_and_reasons_are_words() -> None:
    assert [quantity_text(1, "piece"), quantity_text(12, "piece")] == ["1 piece", "12 pieces"]
    assert [quantity_text(999, "g"), quantity_text(3_000, "g")] == ["999 g", "3 kg"]
    assert quantity_text(2_500, "ml") == "2.5 l"
    assert (reason_text("flat_tyre"), reason_text(None)) == ("flat tyre", "no reason was given")


def test_an_event_id_tells_its_place() -> None:
    assert sequence_of("jobs/order-1.deliver/7/1") == 70_001
    assert sequence_of("jobs/order-1.deliver/10/0") > sequence_of("jobs/order-1.deliver/9/3")
    assert sequence_of("something else") == 0
