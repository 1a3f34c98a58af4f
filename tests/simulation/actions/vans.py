"""What enterprises do with jobs: claim, give back, begin, end, fail; and two who want the same one."""

from typing import Any

from services.logistics.domain.reasons import reasons_for
from tests.simulation.play import Ask, Play
from tests.simulation.site import Person

Found = tuple[str, dict[str, Any], Person]


def claim(play: Play) -> None:
    """Takes a job up."""
    _do(play, "claim", ("open",), None)


def race(play: Play) -> None:
    """Everybody wants the same job, at once."""
    found = job_of(play, ("open",))
    if found is None:
        return
    for van in play.world.town.vans:
        play.world.turns.start(van.name, "web", "logistics", lambda van=van: _claim(play, van, found[0]))


def _claim(play: Play, van: Person, id_: str) -> None:
    play.ask(van, Ask(what="claim", method="POST", path=f"/v1/jobs/{id_}/claim", of=id_))


def drop(play: Play) -> None:
    """Gives a job back."""
    _do(play, "drop", ("claimed",), {"reason": "De bestelwagen is stuk."})


def start(play: Play) -> None:
    """Begins."""
    _do(play, "start", ("claimed",), None)


def done(play: Play) -> None:
    """Ends a job: all of it, or with fewer packs than there should be."""
    found = job_of(play, ("started",))
    if found is None:
        return
    id_, job, van = found
    play.ask(van, Ask(what="done", method="POST", path=f"/v1/jobs/{id_}/done", of=id_, body=hand_over(play, job)))


def hand_over(play: Play, job: dict[str, Any]) -> dict[str, Any]:
    """What changed hands."""
    body: dict[str, Any] = {"by": "An", "short_stock": play.draw.choice(("back", "gone"))}
    lines = [_counted(play, line) for line in (job["task"] or {}).get("lines", ())]
    if play.draw.random() < 1 / 2:
        body |= {"lines": [line for line in lines if line is not None], "celsius": 4.5}
    return body


def _counted(play: Play, line: dict[str, Any]) -> dict[str, Any] | None:
    count = max(0, line["count"] - play.draw.choice((0, 0, 1, 2)))
    if play.draw.random() < 1 / 4:
        return None
    weighed = line["by_weight"] and count and play.draw.random() < 1 / 2
    return {"line_id": line["id"], "count": count, "grams": count * line["grams"] + 101 if weighed else None}


def fail(play: Play) -> None:
    """Says that it failed: for good, or so that another can try."""
    found = job_of(play, ("started", "claimed"))
    if found is None:
        return
    id_, job, van = found
    reason = play.draw.choice(reasons_for("enterprise", job["kind"])).code
    play.ask(van, Ask(what="fail", method="POST", path=f"/v1/jobs/{id_}/fail", of=id_, body={"reason": reason}))


def push(play: Play) -> None:
    """Somebody does the next sensible thing about some job, so that orders get somewhere."""
    found = job_of(play, ("open", "claimed", "started"))
    if found is None:
        return
    id_, job, van = found
    what = {"open": "claim", "claimed": "start", "started": "done"}.get(job["status"], "claim")
    body = hand_over(play, job) if what == "done" else None
    play.ask(van, Ask(what=what, method="POST", path=f"/v1/jobs/{id_}/{what}", of=id_, body=body))


def finish(play: Play) -> None:
    """One enterprise takes a whole order to its end, as far as it can."""
    jobs = dict(play.world.states("logistics", "jobs"))
    order_id = play.pick({job["order_id"] for job in jobs.values() if job["kind"] == "deliver" and not job["outcome"]})
    van = play.world.town.vans[0]
    mine = sorted(id_ for id_, job in jobs.items() if job["order_id"] == order_id)
    for id_ in sorted(mine, key=lambda id_: ("collect", "pack", "deliver").index(jobs[id_]["kind"])):
        for what in ("claim", "start", "done"):
            body = hand_over(play, jobs[id_]) if what == "done" else None
            play.ask(van, Ask(what=what, method="POST", path=f"/v1/jobs/{id_}/{what}", of=id_, body=body))
        for _ in range(80):
            play.world.turns.pause()


def job_of(play: Play, statuses: tuple[str, ...]) -> Found | None:
    """A job in one of these statuses, rarely in another; and who holds it, or might."""
    jobs = play.world.states("logistics", "jobs")
    suiting = [id_ for id_, job in jobs.items() if job["status"] in statuses]
    id_ = play.pick(suiting if suiting and play.draw.random() < 0.9 else jobs)
    if id_ is None:
        return None
    holder = next((van for van in play.world.town.vans if van.id == jobs[id_]["holder_id"]), None)
    return id_, jobs[id_], holder or play.person(play.world.town.vans)


def _do(play: Play, what: str, statuses: tuple[str, ...], body: Any) -> None:
    found = job_of(play, statuses)
    if found is not None:
        id_, _, van = found
        play.ask(van, Ask(what=what, method="POST", path=f"/v1/jobs/{id_}/{what}", of=id_, body=body))


TABLE = {
    "claim": (claim, 4),
    "race": (race, 2),
    "drop": (drop, 2),
    "start": (start, 3),
    "done": (done, 4),
    "fail": (fail, 3),
    "push": (push, 14),
    "finish": (finish, 4),
}
