"""How a job is done: the hand-over is checked against what was there, and told with what fell short."""

from collections.abc import Sequence
from dataclasses import replace

from services.logistics.domain.goods import Share, about_these, shares
from services.logistics.domain.job import Counted, Decided, HandOver, Job, ended, goods, held_by, noted, planned
from services.logistics.domain.task import Task, crates_for
from shared.errors import ConflictError, InvalidError
from shared.events.jobs import JobDone

_SANE_FACTOR = 3
_GIVEN = {"collect": "given by", "pack": "packed by", "deliver": "received by"}


def done(job: Job | None, enterprise_id: str, given: HandOver, now: str) -> Decided:
    """The holder ends a job that it started; the same hand-over again changes nothing.

    Lines that `given` does not name are handed over as they are there; crates are worked out where not counted.
    Raises NotFoundError, ConflictError, or InvalidError with the field at fault.
    """
    known = planned(job)
    if known.status == "done" and known.holder_id == enterprise_id:
        return _repeated(known, given)
    known = held_by(known, enterprise_id)
    if known.status != "started":
        raise ConflictError("not_started", "Start this job before you say that it is done.")
    there = shares(known)
    handover = _resolved(there, given)
    _check(known, given, handover, now)
    return _finished(known, there, handover, now)


def _repeated(job: Job, given: HandOver) -> Decided:
    before = job.handover
    if before is not None and replace(_resolved(shares(job), given), at=before.at) == before:
        return job, ()
    raise ConflictError("already_done", "This job is done, with another hand-over: that can no longer be changed.")


def _resolved(there: Sequence[Share], given: HandOver) -> HandOver:
    """The hand-over with every line counted, in the order of the job."""
    counted = {each.line_id: each for each in given.lines}
    lines = tuple(counted.get(each.line.id) or _as_is(each) for each in there)
    by_id = {each.line_id: each.count for each in lines}
    crates = sum(crates_for(by_id[each.line.id], each.line.per_crate) for each in there)
    return replace(given, lines=lines, crates=crates if given.crates is None else given.crates)


def _as_is(each: Share) -> Counted:
    return Counted(line_id=each.line.id, count=each.count, grams=each.grams)


def _check(job: Job, given: HandOver, handover: HandOver, now: str) -> None:
    if handover.at > now:
        raise InvalidError("at_in_future", "The hand-over lies in the future: leave `at` out to mean now.", field="at")
    if handover.at < job.offered_at:
        detail = "The hand-over lies before this job was offered: give its real time, or leave `at` out to mean now."
        raise InvalidError("at_too_early", detail, field="at")
    _check_lines(job, given.lines)
    if not any(each.count for each in handover.lines):
        detail = "Nothing changed hands: say that the job failed, and why, instead."
        raise InvalidError("nothing_handed_over", detail, field="lines")


def _check_lines(job: Job, lines: Sequence[Counted]) -> None:
    there = {each.line.id: each for each in shares(job)}
    seen: set[str] = set()
    for number, line in enumerate(lines):
        share = there.get(line.line_id)
        if share is None:
            raise _wrong(number, "line_id", "no_such_line", "This job has no goods of this line: leave it out.")
        if line.line_id in seen:
            raise _wrong(number, "line_id", "line_twice", "This line is named twice: name it once.")
        seen.add(line.line_id)
        _check_count(number, line, share)
        _check_grams(number, line, share)


def _check_count(number: int, line: Counted, share: Share) -> None:
    if not 0 <= line.count <= share.count:
        detail = f"{line.count} packs cannot change hands where there are {share.count}: give 0 to {share.count}."
        raise _wrong(number, "count", "more_than_there", detail)


def _check_grams(number: int, line: Counted, share: Share) -> None:
    """A slip of a factor thousand (kilograms for grams) is what this catches, not a heavy cheese."""
    if line.grams is None:
        return
    nominal = line.count * share.line.grams
    if not nominal <= line.grams * _SANE_FACTOR or not line.grams <= nominal * _SANE_FACTOR:
        detail = f"{line.grams} g is not what {line.count} packs of about {share.line.grams} g weigh: give grams."
        raise _wrong(number, "grams", "grams_not_sane", detail)


def _wrong(number: int, field: str, code: str, detail: str) -> InvalidError:
    return InvalidError(code, detail, field=f"lines.{number}.{field}")


def _finished(job: Job, there: Sequence[Share], handover: HandOver, now: str) -> Decided:
    pairs = list(zip(there, handover.lines, strict=True))
    moved = tuple(goods(share.line, line.count, line.grams) for share, line in pairs if line.count)
    short = tuple(goods(share.line, share.count - line.count) for share, line in pairs if line.count < share.count)
    finished = noted(replace(ended(job, "done"), handover=handover), now, _words(job, handover))
    told = JobDone(
        **about_these(job, moved),
        enterprise_id=job.holder_id or "",
        short=short,
        short_stock=handover.short_stock,
    )
    return finished, (told,)


def _words(job: Job, handover: HandOver) -> str:
    packs = sum(each.count for each in handover.lines)
    asked = sum(each.count for each in shares(job))
    text = f"Done by {job.holder_name}: {packs} of {asked} packs in {handover.crates} crates"
    text = f"{text}, {_GIVEN[job.kind]} {handover.by}."
    limit = _limit(job.work)
    if handover.celsius is None:
        return text
    text = f"{text} Measured {handover.celsius:g} °C."
    warm = limit is not None and handover.celsius > limit
    return f"{text} That is more than the {limit} °C that its goods allow." if warm else text


def _limit(task: Task) -> int | None:
    """One measurement is taken: of the chilled goods where there are any, else of the frozen ones."""
    limits = {each.kind: each.max_celsius for each in task.storage}
    return limits.get("chilled", limits.get("frozen"))
