from collections.abc import Callable
from dataclasses import replace

import pytest

from services.logistics.domain.handing import done
from services.logistics.domain.job import Answer, Counted, Decided, HandOver, Job
from services.logistics.domain.offering import learn
from shared.errors import InvalidError, RefusedError
from shared.events.jobs import Goods, JobDone
from tests.unit.logistics import given
from tests.unit.logistics.given import ENDED, ENTERPRISE, NOW, OTHER, handover

AFTER = "2030-01-01T11:00:00.000Z"
MILK = Goods(line_id="1", attempt=1, lot_id="lot-milk", count=13)
CHEESE = Goods(line_id="2", attempt=1, lot_id="lot-cheese", count=2)


def ended(given_: HandOver, job: Job | None = None) -> tuple[Job, JobDone]:
    after, events = done(job or given.started(given.collect()), ENTERPRISE.id, given_, AFTER)
    (told,) = events
    assert isinstance(told, JobDone)
    return after, told


def refused(decide: Callable[[], Decided]) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        decide()
    return caught.value


def fault(*lines: Counted) -> tuple[str, str | None]:
    error = refused(lambda: done(given.started(given.collect()), ENTERPRISE.id, handover(*lines), AFTER))
    assert isinstance(error, InvalidError)
    return error.code, error.field


def test_a_hand_over_without_lines_means_all_as_asked() -> None:
    job, told = ended(handover())

    assert (job.status, job.due_at) == ("done", None)
    assert (told.lines, told.short, told.enterprise_id) == ((MILK, CHEESE), (), ENTERPRISE.id)
    assert job.handover == HandOver(
        at=ENDED, by="An", lines=(Counted(line_id="1", count=13), Counted(line_id="2", count=2)), crates=3
    )


def test_fewer_packs_are_told_as_short_and_gone() -> None:
    _, told = ended(handover(Counted(line_id="1", count=10)))

    assert told.lines == (replace(MILK, count=10), CHEESE)
    assert told.short == (replace(MILK, count=3),)
    assert told.short_stock == "gone"


def test_a_line_of_which_nothing_came_is_only_told_as_short() -> None:
    _, told = ended(handover(Counted(line_id="1", count=0)))

    assert (told.lines, told.short) == ((CHEESE,), (MILK,))


def test_packs_refused_at_the_door_can_go_back_to_the_stock() -> None:
    given_ = replace(handover(Counted(line_id="3", count=4)), short_stock="back")
    _, told = ended(given_, given.started(given.deliver()))

    assert told.short == (Goods(line_id="3", attempt=1, lot_id="lot-leek", count=6),)
    assert told.short_stock == "back"


def test_measured_grams_are_told() -> None:
    _, told = ended(handover(Counted(line_id="2", count=2, grams=4_120)))

    assert told.lines[1].grams == 4_120


def test_crates_are_worked_out_where_nobody_counted_them() -> None:
    assert ended(handover(Counted(line_id="1", count=12)))[0].handover.crates == 2  # type: ignore[union-attr]
    assert ended(replace(handover(), crates=7))[0].handover.crates == 7  # type: ignore[union-attr]


@pytest.mark.parametrize("count", [14, -1])
def test_counts_beyond_what_was_asked_are_refused(count: int) -> None:
    assert fault(Counted(line_id="1", count=count)) == ("more_than_there", "lines.0.count")


def test_a_line_that_the_job_does_not_have_is_refused() -> None:
    assert fault(Counted(line_id="1", count=1), Counted(line_id="3", count=1)) == ("no_such_line", "lines.1.line_id")


def test_a_line_named_twice_is_refused() -> None:
    assert fault(Counted(line_id="1", count=1), Counted(line_id="1", count=2)) == ("line_twice", "lines.1.line_id")


@pytest.mark.parametrize("grams", [4, 1_333, 12_001, 4_000_000])
def test_grams_far_from_the_nominal_weight_are_refused(grams: int) -> None:
    assert fault(Counted(line_id="2", count=2, grams=grams)) == ("grams_not_sane", "lines.0.grams")


@pytest.mark.parametrize("grams", [1_334, 12_000])
def test_a_light_or_heavy_cheese_is_not_refused(grams: int) -> None:
    assert ended(handover(Counted(line_id="2", count=2, grams=grams)))[1].lines[1].grams == grams


def test_grams_of_nothing_are_refused() -> None:
    assert fault(Counted(line_id="2", count=0, grams=10)) == ("grams_not_sane", "lines.0.grams")


def test_nothing_handed_over_is_a_failure_and_not_done() -> None:
    nothing = (Counted(line_id="1", count=0), Counted(line_id="2", count=0))

    assert fault(*nothing) == ("nothing_handed_over", "lines")


@pytest.mark.parametrize(
    ("at", "code"), [("2030-01-01T11:00:00.001Z", "at_in_future"), ("2029-12-31T23:59:59.999Z", "at_too_early")]
)
def test_a_hand_over_is_neither_in_the_future_nor_before_the_job(at: str, code: str) -> None:
    error = refused(lambda: done(given.started(given.collect()), ENTERPRISE.id, handover(at=at), AFTER))

    assert (error.code, error.field) == (code, "at")


def test_a_job_that_has_not_begun_is_not_done() -> None:
    assert refused(lambda: done(given.claimed(given.collect()), ENTERPRISE.id, handover(), AFTER)).code == "not_started"
    assert refused(lambda: done(given.collect(), ENTERPRISE.id, handover(), AFTER)).code == "not_claimed"


def test_only_the_holder_ends_a_job() -> None:
    job = given.started(given.collect())

    assert refused(lambda: done(job, OTHER.id, handover(), AFTER)).code == "no_such_job"
    assert refused(lambda: done(ended(handover())[0], OTHER.id, handover(), AFTER)).code == "no_such_job"


def test_the_same_hand_over_again_changes_nothing_whenever_it_is_sent() -> None:
    job, _ = ended(handover(Counted(line_id="1", count=10)))

    assert done(job, ENTERPRISE.id, handover(Counted(line_id="1", count=10), at=AFTER), AFTER) == (job, ())


def test_another_hand_over_of_a_job_that_is_done_is_refused() -> None:
    job, _ = ended(handover(Counted(line_id="1", count=10)))

    assert refused(lambda: done(job, ENTERPRISE.id, handover(), AFTER)).code == "already_done"


def test_the_timeline_says_how_much_went_to_whom() -> None:
    job, _ = ended(handover(Counted(line_id="1", count=10)))

    assert job.timeline[-1].text == "Done by Kruiwagen: 12 of 15 packs in 2 crates, given by An."


@pytest.mark.parametrize(
    ("celsius", "expected"),
    [(3.5, "Measured 3.5 °C."), (9, "Measured 9 °C. That is more than the 4 °C that its goods allow.")],
)
def test_the_timeline_says_when_goods_were_too_warm(celsius: float, expected: str) -> None:
    job, _ = ended(replace(handover(), celsius=celsius))

    assert job.timeline[-1].text.endswith(expected)


def test_what_was_measured_at_the_farm_goes_on_with_the_goods() -> None:
    job = given.deliver()
    came = tuple(Counted(line_id=each, count=2, grams=4_100 if each == "2" else None) for each in ("1", "2", "3"))
    for source in job.work.sources:
        job = learn(job, given.name_of(job.work), Answer(source_id=source.job_id, at=NOW, came=came))[0]

    _, told = ended(handover(), given.started(job))

    assert [(each.count, each.grams) for each in told.lines] == [(2, None), (2, 4_100), (2, None)]
