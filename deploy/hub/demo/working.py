"""The enterprises at work: they take jobs off the board, begin what is ready, and hand over."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy.hub.demo.client import AnsweredNoError, Client, segment
from deploy.hub.demo.facts import Claim
from deploy.hub.demo.handing import FAILURES, Twist, allows, hand_over
from shared.values import JOB_KINDS

_BOARD = "/logistics/v1/board"
_JOBS = "/logistics/v1/jobs"
_AT_ONCE = 3
_LOOKED_AT = 200
_CONFLICT = 409
_LET_GO = ("not_claimed", "no_such_job")

Job = Mapping[str, Any]
Seen = Callable[[Job], None]
Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Workforce:
    """The enterprises' clients, by id, and the orders whose jobs they take up; `crowded`: far more orders wait.

    `claims` is what the hub acknowledged, in order; `twists` what may still go wrong, once each; `tell` takes a
    sentence for the onlooker.
    """

    clients: Mapping[str, Client]
    tell: Tell
    operator: Client
    orders: frozenset[str]
    crowded: bool = False
    claims: list[Claim] = field(default_factory=list)
    twists: list[Twist] = field(default_factory=list)


def job_address(job_id: str, verb: str = "") -> str:
    """Where a job is, or is acted upon."""
    return f"{_JOBS}/{segment(job_id)}" + (f"/{verb}" if verb else "")


def take_up(force: Workforce, taken: Seen, ended: Seen) -> int:
    """Each enterprise takes a few of the nearest jobs of each kind that suit it, and does at once what it can.

    Answers how many were taken.
    """
    return sum(_take_some(force, each, kind, (taken, ended)) for kind in JOB_KINDS for each in force.clients)


def claim(force: Workforce, enterprise_id: str, job_id: str) -> Job | None:
    """The job, now the enterprise's; None where the hub gave it to another."""
    try:
        job: Job = force.clients[enterprise_id].post(job_address(job_id, "claim"))
    except AnsweredNoError as error:
        if error.status == _CONFLICT:
            return None
        raise
    force.claims.append(Claim(job_id=job_id, enterprise_id=enterprise_id, taken=True))
    return job


def give_back(force: Workforce, enterprise_id: str, job_id: str, reason: str) -> None:
    """Drops a job that has not begun."""
    _let_go(force.clients[enterprise_id], job_address(job_id, "drop"), {"reason": reason})
    force.claims.append(Claim(job_id=job_id, enterprise_id=enterprise_id, taken=False))


def carry_out(force: Workforce, ended: Seen) -> int:
    """Every job that is held and whose goods have come is begun and done; answers how many."""
    return sum(_carry_out_held(force, each, ended) for each in force.clients)


def board(force: Workforce, enterprise_id: str, kind: str) -> list[Job]:
    """What suits an enterprise, nearest first: the top of the board, as far as it is about the force's orders.

    A board that others' work fills is not looked at: it takes long to draw up, and shows few of these.
    """
    if force.crowded:
        return []
    found: list[Job] = force.clients[enterprise_id].get(_BOARD, kind=kind, limit=_LOOKED_AT)["items"]
    return [each for each in found if each["order_id"] in force.orders]


def open_jobs(force: Workforce) -> Iterator[str]:
    """The ids of the jobs that nobody holds, as the force's orders tell."""
    orders = (force.operator.get(f"/orders/v1/orders/{order_id}") for order_id in sorted(force.orders))
    return (job["id"] for order in orders for job in order["jobs"] if job["state"] == "open")


def take_up_asked(force: Workforce, taken: Seen) -> int:
    """The operator asks one enterprise after the other for jobs that are still open; answers how many were taken."""
    answers = (_first_to_take(force, job_id, turn) for turn, job_id in enumerate([*open_jobs(force)]))
    found = [job for job in answers if job is not None]
    for job in found:
        taken(job)
    return len(found)


def _first_to_take(force: Workforce, job_id: str, turn: int) -> Job | None:
    """Another enterprise is asked first at every turn."""
    first = turn % len(force.clients)
    asked = [*force.clients][first:] + [*force.clients][:first]
    return next((job for each in asked if (job := claim(force, each, job_id))), None)


def _take_some(force: Workforce, enterprise_id: str, kind: str, seen: tuple[Seen, Seen]) -> int:
    count = 0
    for offered in board(force, enterprise_id, kind):
        job = claim(force, enterprise_id, offered["id"])
        if job is None:
            continue
        seen[0](job)
        count += 1
        if job["ready"]:
            seen[1](_carry_out(force, force.clients[enterprise_id], job["id"]))
        if count == _AT_ONCE:
            break
    return count


def _carry_out_held(force: Workforce, enterprise_id: str, ended: Seen) -> int:
    client = force.clients[enterprise_id]
    held = [job for status in ("claimed", "started") for job in client.all(_JOBS, status=status)]
    ready = [job for job in held if job["ready"] and job["order_id"] in force.orders]
    for each in ready:
        ended(_carry_out(force, client, each["id"]))
    return len(ready)


def _carry_out(force: Workforce, client: Client, job_id: str) -> Job:
    job: Job = client.post(job_address(job_id, "start"))
    twist = next((each for each in force.twists if allows(job, each)), None)
    if twist is not None:
        force.twists.remove(twist)
        force.tell(_told(twist, job))
    if twist is not None and twist in FAILURES:
        _let_go(client, job_address(job_id, "fail"), {"reason": FAILURES[twist]})
        force.claims.append(Claim(job_id=job_id, enterprise_id=job["holder"]["id"], taken=False))
        return job
    ended: Job = client.post(job_address(job_id, "done"), hand_over(job, twist))
    return ended


def _let_go(client: Client, address: str, body: Mapping[str, str]) -> None:
    """Where the answer got lost, the job may be let go already, and even be another's."""
    try:
        client.post(address, body)
    except AnsweredNoError as error:
        if error.code not in _LET_GO:
            raise


def _told(twist: Twist, job: Job) -> str:
    who, first, last = job["holder"]["name"], job["route"][0]["name"], job["route"][-1]["name"]
    return {
        "finds_less": f"{who} finds a pack less at {first} than was ordered.",
        "refused_at_the_door": f"{last} refuses {job['lines'][0]['product']} at the door; {who} takes it back.",
        "breaks_down": f"The van of {who} breaks down on its way to {first}; the job is on the board again.",
        "nobody_there": f"Nobody is there at {last}; {who} takes the goods back to the depot, to be tried again.",
    }[twist]
