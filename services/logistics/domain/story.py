"""A job's timeline as people read it: what was done about it, and what came of the goods that it waits for."""

from services.logistics.domain.job import Answer, Entry, Job


def story(job: Job) -> tuple[Entry, ...]:
    """All entries, oldest first; of what happened at once, goods come before what could then be done with them."""
    names = {each.job_id: each.name for each in job.work.sources}
    known = [each for each in job.answers if each.source_id in names]
    heard = (Entry(at=each.at, text=_heard(names[each.source_id], each)) for each in known)
    return tuple(sorted((*heard, *job.timeline), key=lambda entry: entry.at))


def _heard(name: str, answer: Answer) -> str:
    packs = sum(each.count for each in answer.came)
    if packs == 0:
        return f"Nothing comes of what was awaited from {name}."
    return f"{packs} packs are ready at the depot, from {name}."
