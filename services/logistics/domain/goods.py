"""Which goods of a job are where: what its sources answered, what is still awaited, what there is to carry."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.logistics.domain.job import About, Answer, Counted, Job, goods
from services.logistics.domain.task import Line, Source
from shared.events.jobs import Goods


@dataclass(frozen=True, kw_only=True)
class Share:
    """The packs of a line that a job is about; `grams` as measured before, `there` once they can be carried."""

    line: Line
    count: int
    grams: int | None
    there: bool


def shares(job: Job) -> tuple[Share, ...]:
    """The job's lines that have, or may still have, something to carry: as answered, else as planned."""
    answers = {each.source_id: {came.line_id: came for came in each.came} for each in job.answers}
    found = (_share(line, answers) for line in job.work.lines)
    return tuple(each for each in found if each.count > 0)


def awaited(job: Job) -> tuple[Source, ...]:
    """The sources that have not answered yet; the job can start when there is none."""
    answered = {each.source_id for each in job.answers}
    return tuple(each for each in job.work.sources if each.job_id not in answered)


def comes_to_nothing(job: Job) -> bool:
    """Everything is answered, and there is nothing to carry."""
    return not awaited(job) and not shares(job)


def about(job: Job) -> About:
    """What the job's events say of it: the goods that it moves, or is to move."""
    return _about(job, tuple(goods(each.line, each.count, each.grams) for each in shares(job)))


def about_what_is_there(job: Job) -> About:
    """As `about`, of the goods only that the job could lay hands on."""
    return _about(job, tuple(goods(each.line, each.count, each.grams) for each in shares(job) if each.there))


def about_these(job: Job, moved: tuple[Goods, ...]) -> About:
    """As `about`, of exactly these goods."""
    return _about(job, moved)


def latest_answer(job: Job) -> str:
    """When the last source answered; the start of the job where none did."""
    return max((job.offered_at, *(each.at for each in job.answers)))


def merged(answers: tuple[Answer, ...], answer: Answer) -> tuple[Answer, ...]:
    """The answers with this one; the first of a source counts, and their order does not tell which came first."""
    if any(each.source_id == answer.source_id for each in answers):
        return answers
    return tuple(sorted((*answers, answer), key=lambda each: each.source_id))


def _share(line: Line, answers: Mapping[str, Mapping[str, Counted]]) -> Share:
    if line.source_id is None:
        return Share(line=line, count=line.count, grams=None, there=True)
    answer = answers.get(line.source_id)
    if answer is None:
        return Share(line=line, count=line.count, grams=None, there=False)
    came = answer.get(line.id, Counted(line_id=line.id, count=0))
    return Share(line=line, count=came.count, grams=came.grams, there=True)


def _about(job: Job, lines: tuple[Goods, ...]) -> About:
    return About(job_id=job.id, order_id=job.order_id, kind=job.kind, lines=lines)
