"""How a history ends: nothing goes wrong any more, what is left is done or falls due, until nothing waits."""

from random import Random

from shared import clock
from shared.bus.port import Record
from tests.simulation.chance import chance
from tests.simulation.invariants.jobs import something_to_do
from tests.simulation.play import Ask, Play
from tests.simulation.watch import FINAL_JOB, FINAL_ORDER
from tests.simulation.world import World

_MOST_DUE = 400
_MOST_ROUNDS = 12
_LAST = 10_000  # the number of what is done in the end, after all steps


def end(hub: World) -> None:
    """Brings it to its end."""
    draw = chance(hub.seed, "ending")
    hub.calm()
    hub.settle(draw)
    _answered(hub)
    if draw.random() < 2 / 3:
        _work_off(hub, draw)
    _let_it_fall_due(hub, draw)
    _nothing_waits(hub)


def _work_off(hub: World, draw: Random) -> None:
    """Enterprises take up whatever there is, round by round."""
    for number in range(_MOST_ROUNDS):
        jobs = hub.states("logistics", "jobs")
        going = [id_ for id_, job in jobs.items() if job["status"] not in FINAL_JOB]
        if not going or hub.notes.breaches:
            return
        _on_the_board(hub)
        for id_ in going:
            _next_of(hub, Play(world=hub, number=_LAST + number), id_)
        hub.settle(draw)
        something_to_do(hub)


def _answered(hub: World) -> None:
    """Once all news has come, no order waits for another service: only for people, or for time."""
    for id_, order in hub.states("orders", "orders").items():
        waits = order["status"] in ("placed", "cancelling")
        hub.notes.expect(not waits, "2_nothing_waits_for_ever", f"Order {id_} is still {order['status']}.")
    something_to_do(hub)


def _on_the_board(hub: World) -> None:
    """Whoever can do everything is shown every job that nobody holds."""
    able = hub.town.vans[0]
    shown = {each["id"] for each in hub.site.send(able, "GET", "/v1/board?limit=200").json["items"]}
    open_ = {id_ for id_, job in hub.states("logistics", "jobs").items() if job["status"] == "open"}
    hub.notes.expect(shown == open_, "lists_are_whole", f"The board shows {shown}; open are {open_}.")


def _next_of(hub: World, play: Play, id_: str) -> None:
    status = hub.states("logistics", "jobs")[id_]["status"]
    holder = hub.states("logistics", "jobs")[id_]["holder_id"]
    what = {"open": "claim", "claimed": "start", "started": "done"}.get(status)
    if what is None:
        return
    for van in hub.town.vans:
        if holder in (None, van.id):
            body = {"by": "An"} if what == "done" else None
            if play.ask(van, Ask(what=what, method="POST", path=f"/v1/jobs/{id_}/{what}", of=id_, body=body)):
                return


def _let_it_fall_due(hub: World, draw: Random) -> None:
    """The clock goes on from one deadline to the next; in some histories old messages come once more meanwhile."""
    late = draw.random() < 1 / 3
    for _ in range(_MOST_DUE):
        due = hub.next_due()
        if due is None or hub.notes.breaches:
            return
        hub.pass_time(max(0.0, clock.seconds_between(hub.time, due)) + 1)
        if late:
            hub.bus.repeat(_some(hub, draw))
        hub.settle(draw)
    hub.notes.broke("2_nothing_waits_for_ever", "Deadlines pass and pass, and nothing ends.")


def _some(hub: World, draw: Random) -> list[Record]:
    logs = [log for _, log in sorted(hub.bus.broker.logs.items()) if log]
    return draw.sample(draw.choice(logs), 1) if logs else []


def _nothing_waits(hub: World) -> None:
    for id_, order in hub.states("orders", "orders").items():
        hub.notes.expect(
            order["status"] in FINAL_ORDER,
            "2_nothing_waits_for_ever",
            f"Order {id_} is {order['status']} for ever: nothing is due any more.",
        )
    for id_, job in hub.states("logistics", "jobs").items():
        ended = job["status"] in FINAL_JOB
        never = job["status"] == "expected"
        hub.notes.expect(ended or never, "2_nothing_waits_for_ever", f"Job {id_} is {job['status']} for ever.")
