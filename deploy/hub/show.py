"""A hub's status as tables for a person's terminal."""

from collections import defaultdict
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from deploy.hub.status import Status, Waiting
from shared import clock
from shared.events.catalogue import TOPICS

_MEGABYTE = 2**20
_LONGEST = 5
_FOR = {
    "producers": "a producer's answer",
    "planning": "the hub to plan the work",
    "enterprise": "an enterprise to take work up",
    "work": "work that somebody took up",
    "operator": "the hub operator",
    "cancelling": "work to be called off",
}


def show(status: Status, now: str, console: Console) -> None:
    """Prints all of it; `now` is an instant."""
    console.print(f"Schakel at [bold]{status.address}[/]")
    console.print(_programs(status, now))
    for line in status.trouble:
        console.print(f"[red]{line[:300]}[/]", highlight=False)
    if status.lag is not None:
        console.print(_lag(status))
    if status.unpublished is not None:
        console.print(_unpublished(status.unpublished, now))
    _show_dead(status, console)
    if status.open_orders is not None:
        _show_waiting(status.open_orders, status.waiting, now, console)


def age(since: str, now: str) -> str:
    """How long ago, in the largest unit that fits."""
    seconds = max(0, int(clock.seconds_between(since, now)))
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _programs(status: Status, now: str) -> Table:
    table = Table("program", "state", "pid", "up", "memory", box=None, header_style="dim")
    moment = int(clock.to_datetime(now).timestamp())
    for each in status.programs:
        runs = each.state == "RUNNING"
        up = f"{(moment - each.since) // 60} min" if runs else ""
        state = each.state.lower() if runs else f"[red]{each.state.lower()}[/]"
        table.add_row(each.name, state, str(each.pid or ""), up, _megabytes(each.memory))
    table.add_row("all", "", "", "", _megabytes(sum(each.memory for each in status.programs)), style="dim")
    return table


def _megabytes(count: int) -> str:
    return f"{count // _MEGABYTE} MB" if count else ""


def _lag(status: Status) -> Table:
    lag = status.lag or {}
    table = Table("yet to read", *TOPICS, box=None, header_style="dim")
    for group, by_topic in lag.items():
        table.add_row(group, *(str(by_topic[topic]) if topic in by_topic else "-" for topic in TOPICS))
    return table


def _unpublished(unpublished: dict[str, str | None], now: str) -> Table:
    table = Table("service", "oldest unpublished event", box=None, header_style="dim")
    for service, at in unpublished.items():
        table.add_row(service, "none" if at is None else f"{age(at, now)} ago")
    return table


def _show_dead(status: Status, console: Console) -> None:
    lying = {topic: count for topic, count in (status.dead or {}).items() if count}
    if lying:
        told = ", ".join(f"{count} on {topic}" for topic, count in lying.items())
        console.print(f"[yellow]Dead letters: {told}.[/] See `schakel dlq list`.", highlight=False)


def _show_waiting(count: int, waiting: Sequence[Waiting], now: str, console: Console) -> None:
    console.print("No order waits." if not count else "1 order waits." if count == 1 else f"{count} orders wait.")
    groups: defaultdict[str, list[Waiting]] = defaultdict(list)
    for each in sorted(waiting, key=lambda one: one.since):
        groups[each.whom].append(each)
    for whom, orders in groups.items():
        console.print(f"  {len(orders)} for {_FOR.get(whom, whom)}, the longest since {age(orders[0].since, now)}:")
        for each in orders[:_LONGEST]:
            console.print(
                f"    {each.order_id}  {each.buyer}: {each.what}", highlight=False, markup=False, soft_wrap=True
            )
