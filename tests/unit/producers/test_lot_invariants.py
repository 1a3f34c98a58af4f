"""Whatever happens to a lot, its account balances, and what is told adds up to what is stored."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from services.producers.domain.listing import LotChange, change, withdraw
from services.producers.domain.lot import Decided, Lot, account
from services.producers.domain.reservation import held
from services.producers.domain.stock import GiveBack, Request, end, give_back, report, reserve
from services.producers.domain.weighing import weigh
from shared import clock
from shared.errors import RefusedError
from shared.events.base import Event
from shared.events.orders import WantedLine
from shared.events.reservations import StockCollected, StockRefused, StockReleased, StockReserved
from tests.unit.producers.given import NOW, a_lot, line, moved, ref, stock_of

ORDERS = ("a", "b", "c")
LINES = ("1", "2")
Command = Callable[[Lot, str], Decided]


def reserving(order: str, asked: WantedLine, wait: int) -> Command:
    answer_by = clock.plus(NOW, seconds=wait)
    return lambda lot, now: reserve(
        lot, Request(order_id=order, answer_by=answer_by, keep_until=answer_by, lines=(asked,)), now
    )


def giving_back(order: str, line_id: str) -> Command:
    given_back = GiveBack(
        order_id=order, reason="order_cancelled", lines=(ref(line_id),), keep_until=clock.plus(NOW, seconds=100)
    )
    return lambda lot, now: give_back(lot, given_back, now)


def reporting(order: str, line_id: str, kind: str, packs: int, stock: str) -> Command:
    outcomes = moved(packs, stock, of=f"{order}.{line_id}.1")  # type: ignore[arg-type]  # back or gone
    return lambda lot, now: report(lot, kind, outcomes, now)  # type: ignore[arg-type]  # a kind of job


def ending(order: str, wait: int) -> Command:
    return lambda lot, now: end(lot, order, clock.plus(NOW, seconds=wait), now)


def relisting(listed: int) -> Command:
    return lambda lot, now: change(lot, LotChange(listed=listed), now)


def weighing(order: str, line_id: str, grams: int) -> Command:
    return lambda lot, now: weigh(lot, f"{order}.{line_id}.1", grams, now)


def withdrawing() -> Command:
    return lambda lot, _now: withdraw(lot)


orders, lines = st.sampled_from(ORDERS), st.sampled_from(LINES)
waits = st.integers(-10, 100)
wanted_lines = st.builds(
    lambda packs, line_id, pack, wish: line(packs, line_id=line_id, pack=pack, wish=wish),
    st.integers(1, 12),
    lines,
    st.sampled_from(["p1", "p2", "p9"]),
    st.sampled_from(["exact", "less_is_fine", "substitute_ok"]),
)
from_orders = st.one_of(
    st.builds(reserving, orders, wanted_lines, waits),
    st.builds(giving_back, orders, lines),
    st.builds(ending, orders, waits),
)
from_jobs = st.builds(
    reporting,
    orders,
    lines,
    st.sampled_from(["collect", "pack", "deliver"]),
    st.integers(0, 14),
    st.sampled_from(["back", "gone"]),
)
from_farmers = st.one_of(
    st.builds(relisting, st.integers(0, 40_000)),
    st.builds(weighing, orders, lines, st.integers(0, 20_000)),
    st.builds(withdrawing),
)
commands = st.lists(st.one_of(from_orders, from_orders, from_jobs, from_farmers), max_size=40)


@dataclass
class Run:
    """A lot's life: its states and all that was told."""

    lot: Lot
    told: list[Event]


def play(wanted: Sequence[Command], *, twice: bool = False) -> Run:
    run = Run(lot=a_lot(), told=[])
    for second, command in zip(count(), wanted, strict=False):
        now = clock.plus(NOW, seconds=second)
        for _ in range(1 + twice):
            take(run, command, now)
    return run


def take(run: Run, command: Command, now: str) -> None:
    try:
        run.lot, events = command(run.lot, now)
    except RefusedError:
        return
    run.told += events
    stock_of(run.lot)


@given(commands)
@settings(max_examples=300, deadline=None)
def test_the_account_balances_after_every_command(wanted: Sequence[Command]) -> None:
    lot = play(wanted).lot

    kept = [held(each) for each in lot.reservations]
    assert lot.reserved == sum(each.reserved for each in kept)
    assert lot.collected >= sum(each.collected for each in kept)
    assert lot.lost >= sum(each.lost for each in kept)


@given(commands)
@settings(max_examples=300, deadline=None)
def test_a_line_is_reserved_once_and_never_gives_back_more_than_it_took(wanted: Sequence[Command]) -> None:
    told = play(wanted).told

    taken = {(each.order_id, each.line_id): each.quantity for each in told if isinstance(each, StockReserved)}
    given_back: Counter[tuple[str, str]] = Counter()
    for each in told:
        if isinstance(each, StockReleased):
            given_back[each.order_id, each.line_id] += each.quantity
    assert len(taken) == sum(isinstance(each, StockReserved) for each in told)
    assert all(quantity <= taken[key] for key, quantity in given_back.items())


@given(commands)
@settings(max_examples=300, deadline=None)
def test_what_was_told_adds_up_to_what_is_stored(wanted: Sequence[Command]) -> None:
    run = play(wanted)

    reserved = sum(each.quantity for each in run.told if isinstance(each, StockReserved))
    released = sum(each.quantity for each in run.told if isinstance(each, StockReleased))
    stock = account(run.lot)
    assert reserved - released == stock.reserved + stock.collected + run.lot.lost


@given(commands)
@settings(max_examples=300, deadline=None)
def test_every_command_may_come_twice(wanted: Sequence[Command]) -> None:
    once, twice = play(wanted), play(wanted, twice=True)

    assert once.lot == twice.lot
    late = [each for each in twice.told if not (isinstance(each, StockRefused) and each.reason == "too_late")]
    assert late == [each for each in once.told if not (isinstance(each, StockRefused) and each.reason == "too_late")]


@given(st.lists(from_jobs, max_size=8), st.lists(st.builds(ending, orders, st.just(10_000)), max_size=2), st.randoms())
@settings(max_examples=300, deadline=None)
def test_jobs_and_ends_of_orders_may_come_in_any_order_between_topics(
    jobs: Sequence[Command], ends: Sequence[Command], chance: object
) -> None:
    asked = [reserving(order, line(3, line_id=line_id), 50) for order in ORDERS for line_id in LINES]
    mixed = shuffled_together(jobs, ends, chance)
    after = [relisting(39_000)]

    straight = finish(play([*asked, *jobs, *ends]), after)
    other = finish(play([*asked, *mixed]), after)

    assert straight.reservations == other.reservations
    assert account(straight) == account(other)


def shuffled_together(jobs: Sequence[Command], ends: Sequence[Command], chance: object) -> list[Command]:
    """Each of the two keeps its own order."""
    mixed, left, right = [], list(jobs), list(ends)
    while left or right:
        take_left = bool(left) and (not right or chance.random() < 0.5)  # type: ignore[attr-defined]  # a Random
        mixed.append((left if take_left else right).pop(0))
    return mixed


def finish(run: Run, commands: Sequence[Command]) -> Lot:
    for command in commands:
        take(run, command, clock.plus(NOW, seconds=1_000))
    return run.lot


@given(commands)
@settings(max_examples=100, deadline=None)
def test_packs_collected_are_never_more_than_were_reserved(wanted: Sequence[Command]) -> None:
    told = play(wanted).told

    taken = {(each.order_id, each.line_id): each.count for each in told if isinstance(each, StockReserved)}
    collected = [each for each in told if isinstance(each, StockCollected)]
    assert all(each.count <= taken[each.order_id, each.line_id] for each in collected)
    assert len(collected) == len({(each.order_id, each.line_id) for each in collected})
