"""All that goes wrong, by name. A further fault is one function and one line in the table.

Each arms or ends something; what really struck is told and counted by `Trouble`.
"""

from collections.abc import Callable, Mapping
from random import Random

from shared import clock
from tests.chain import SERVICES
from tests.simulation.actions import Action
from tests.simulation.play import Play
from tests.simulation.staff import Hand
from tests.simulation.trouble import CHANGING, CRASHES, ERRORS, How, Strike
from tests.simulation.turns import Kind

_NAMES = tuple(SERVICES)
_HOUR = 3_600
_SOON = (0, 0, 1, 2)
_LATER = (0, 1, 2, 3, 5, 8, 13)


def crash_a_worker(play: Play) -> None:
    """At any of its next touches of the world: before it, after it, or in the middle of a batch."""
    _arm(play, "worker", CRASHES, ("", "", *CHANGING))


def crash_a_request(play: Play) -> None:
    """The process that answers it is gone; whoever asked gets no answer."""
    _arm(play, "web", CRASHES, ("", "write", "write"))


def lose_an_answer(play: Play) -> None:
    """It was done, in part or not at all; the worker hears an error."""
    _arm(play, "worker", ERRORS, ("", "", *CHANGING))


def lose_an_answer_to_a_request(play: Play) -> None:
    """The same, to the web."""
    _arm(play, "web", ERRORS, ("", "write", "write"))


def _arm(play: Play, kind: Kind, hows: tuple[How, ...], ops: tuple[str, ...]) -> None:
    op = play.draw.choice(ops)
    lefts = _SOON if op or kind == "web" else _LATER
    strike = Strike(
        how=play.draw.choice(hows), kind=kind, service=play.draw.choice(_NAMES), left=play.draw.choice(lefts), op=op
    )
    play.world.trouble.strikes.append(strike)


def kill_a_worker(play: Play) -> None:
    """Wherever it stands just now."""
    hand = _hand(play)
    if hand is not None:
        _told(play, "killed", hand)
        play.world.staff.kill(hand)


def pause_a_worker(play: Play) -> None:
    """Its machine stands still for an hour or more; its group goes on without it, and it comes back as a zombie."""
    hand = _hand(play)
    if hand is not None:
        _told(play, "paused", hand)
        play.world.staff.park(hand)


def pause_a_request(play: Play) -> None:
    """The process that answers it stands still in the middle of it, and goes on much later."""
    asking = [task for task in play.world.turns.awake() if task.kind == "web"]
    if asking:
        task = play.draw.choice(asking)
        _count(play, "request paused")
        play.world.tell(f"{play.number:>3}. {task.name} stands still in the middle of its request.")
        task.parked = True


def wake_a_zombie(play: Play) -> None:
    """An hour later it goes on in the middle of what it did, and so does every request that stood still."""
    asking = [task for task in play.world.turns.tasks if task.parked and task.kind == "web"]
    hands = play.world.staff.parked()
    if asking or hands:
        play.world.pass_time(_HOUR)
    for task in asking:
        _count(play, "request goes on")
        task.parked = False
    if hands:
        hand = play.draw.choice(hands)
        _told(play, "back as a zombie", hand)
        play.world.staff.unpark(hand)


def second_worker(play: Play) -> None:
    """Two of one group: partitions are dealt anew in mid-batch."""
    name = play.draw.choice(_NAMES)
    if len(play.world.staff.of(name)) < 3:
        _told(play, "hired", play.world.staff.hire(name))


def retire_a_worker(play: Play) -> None:
    """SIGTERM: it ends after its turn, and the others get its partitions."""
    name = play.draw.choice(_NAMES)
    hands = play.world.staff.of(name)
    if len(hands) > 1:
        hand = play.draw.choice(hands)
        _told(play, "told to stop", hand)
        hand.stopping = True
        hand.look_at_the_clock()


def database_away(play: Play) -> None:
    """Refuses everything for a while."""
    _away(play, "store")


def bus_away(play: Play) -> None:
    """The same, of the broker."""
    _away(play, "bus")


def _away(play: Play, medium: str) -> None:
    name = play.draw.choice(_NAMES)
    play.world.tell(f"{play.number:>3}. The {medium} of {name} is away.")
    play.world.trouble.away.add((name, medium))  # type: ignore[arg-type]  # one of Medium


def back_again(play: Play) -> None:
    """What was away or held up is back."""
    if play.world.trouble.away or play.world.bus.held:
        _count(play, "back again")
        play.world.tell(f"{play.number:>3}. What was away is back.")
    play.world.trouble.away.clear()
    play.world.bus.held.clear()
    play.world.turns.wake()


def hold_a_topic(play: Play) -> None:
    """One service hears nothing new of one topic, while the others go on: no order holds between topics."""
    service = SERVICES[play.draw.choice(_NAMES)]
    topic = play.draw.choice(list(service.consumes))
    _count(play, "topic held up")
    play.world.tell(f"{play.number:>3}. {service.name} hears nothing of the topic {topic} for now.")
    play.world.bus.held.add((service.group, topic))


def deliver_again(play: Play) -> None:
    """A group's last commits are lost: its records come again."""
    service = SERVICES[play.draw.choice(_NAMES)]
    records = play.draw.choice((1, 3, 50))
    _count(play, "delivered again")
    play.world.tell(f"{play.number:>3}. The last {records} records of each partition come again to {service.name}.")
    play.world.bus.rewind(service.group, records)
    play.world.turns.wake()


def publish_again(play: Play) -> None:
    """What a relay published before is published once more, after whatever came since: by one that stood still."""
    logs = [log for _, log in sorted(play.world.bus.broker.logs.items()) if log]
    if logs:
        log = play.draw.choice(logs)
        records = play.draw.sample(log, min(len(log), play.draw.choice((1, 2, 9))))
        _count(play, "published again", len(records))
        play.world.tell(f"{play.number:>3}. {len(records)} old records are on {log[0].topic} once more.")
        play.world.bus.repeat(records)


def skewed_clock(play: Play) -> None:
    """One service's clock is a little fast or slow, and jumps when that is mended."""
    name = play.draw.choice(_NAMES)
    play.world.skew[name] = play.draw.choice((-700.0, -120.0, -3.0, 0.0, 2.0, 90.0, 700.0))
    _count(play, "clock skewed")
    play.world.tell(f"{play.number:>3}. The clock of {name} is off by {play.world.skew[name]:.0f} s.")
    play.world.look_at_the_clock()


def clock_jump(play: Play) -> None:
    """Minutes or hours go by in which nobody does anything."""
    seconds = play.draw.choice((20, 70, 125, 400)) * 60
    _count(play, "clock jumped")
    play.world.tell(f"{play.number:>3}. {seconds // 60} minutes go by.")
    play.world.pass_time(seconds)


def deadline(play: Play) -> None:
    """It gets so late that the next thing falls due, while everything else is as it is."""
    due = play.world.next_due()
    if due is not None:
        seconds = max(0.0, clock.seconds_between(play.world.time, due)) + play.draw.choice((-1, 1, 60))
        _count(play, "a deadline came")
        play.world.tell(f"{play.number:>3}. It gets as late as {due}.")
        play.world.pass_time(max(0.0, seconds))


def _hand(play: Play) -> Hand | None:
    hands = play.world.staff.of(play.draw.choice(_NAMES))
    return play.draw.choice(hands) if hands else None


def _told(play: Play, what: str, hand: Hand) -> None:
    _count(play, f"worker {what}")
    play.world.tell(f"{play.number:>3}. {hand.name} is {what}.")


def _count(play: Play, word: str, times: int = 1) -> None:
    play.world.notes.count("trouble", word, times)


def fault(do: Callable[[Play], object], weight: int) -> Action:
    """A line of the table."""
    return Action(do=do, weight=weight)


FAULTS: Mapping[str, Action] = {
    "crash_a_worker": fault(crash_a_worker, 5),
    "crash_a_request": fault(crash_a_request, 3),
    "lose_an_answer": fault(lose_an_answer, 4),
    "lose_an_answer_to_a_request": fault(lose_an_answer_to_a_request, 3),
    "kill_a_worker": fault(kill_a_worker, 2),
    "pause_a_worker": fault(pause_a_worker, 3),
    "pause_a_request": fault(pause_a_request, 3),
    "wake_a_zombie": fault(wake_a_zombie, 2),
    "second_worker": fault(second_worker, 3),
    "retire_a_worker": fault(retire_a_worker, 2),
    "database_away": fault(database_away, 1),
    "bus_away": fault(bus_away, 1),
    "back_again": fault(back_again, 3),
    "hold_a_topic": fault(hold_a_topic, 2),
    "deliver_again": fault(deliver_again, 3),
    "publish_again": fault(publish_again, 3),
    "skewed_clock": fault(skewed_clock, 2),
    "clock_jump": fault(clock_jump, 3),
    "deadline": fault(deadline, 3),
}


def some_of(draw: Random) -> list[str]:
    """The faults of one history: each is on in half of them, so that they meet in ever other company."""
    return [name for name in FAULTS if draw.random() < 1 / 2]
