"""The figures as tables that fit a terminal."""

from collections.abc import Callable, Iterable

from rich.console import Console
from rich.table import Table

from benchmarks.numbers import AIM_MB, AIM_RATIO, Numbers

_PARTS = ("inserts", "updates", "pulls", "messages")


def show(found: Numbers, console: Console) -> None:
    """Prints all of them."""
    console.print(found["machine"], highlight=False)
    if found["busy"]:
        console.print(f"[bold]{found['busy']}[/bold]", highlight=False)
    tables: tuple[Callable[[Numbers], Table], ...] = (_speed, _front, _latency, _costs, _memory, _cpu)
    for table in tables:
        console.print(table(found))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left")
    return table


def _rows(table: Table, rows: Iterable[tuple[object, ...]]) -> Table:
    for row in rows:
        table.add_row(*(each if isinstance(each, str) else _number(each) for each in row))
    return table


def _number(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if isinstance(value, float) and value < _SMALL else f"{value:,.0f}"


_SMALL = 10


def _speed(found: Numbers) -> Table:
    orders, lots = found["asked"]["orders"], found["asked"]["lots"]
    title = f"Orders a second, {orders} orders of 4 lines on {lots} lots (aim: ratio ≥ {AIM_RATIO})"
    table = _table(title, "", "confirmed", "all written", "bare", "ratio", "CPU ms", "bare", "ratio")
    through, backlog = found["through"], found["backlog"]
    confirmed = f"{through['confirmed']} and {backlog['confirmed']}"
    table.caption = f"Confirmed: {confirmed}, of {orders} each. CPU: milliseconds an order, of all processes."
    return _rows(
        table,
        (
            ("over HTTP, worked off meanwhile", *_compared(through, "bare")),
            ("a backlog (the chain by itself)", *_compared(backlog, "bare")),
            ("… against bare clients with outboxes", *_compared(backlog, "bare_outbox")),
        ),
    )


def _compared(flow: Numbers, bare: str) -> tuple[object, ...]:
    ratio, cpu_ratio = (f"{flow[bare][each]:.2f}" for each in ("ratio", "cpu_ratio"))
    rates = flow["rate"], flow["settled_rate"], flow[bare]["rate"], ratio
    return *rates, flow["cpu_ms"], flow[bare]["cpu_ms"], cpu_ratio


def _front(found: Numbers) -> Table:
    front = found["front"]
    table = _table("POST /orders", "", "a second", "p50 ms", "p95 ms", "p99 ms", "ratio")
    names = {
        "hub": "the hub, no worker running",
        "bare": "a bare Flask view, one insert",
        "hub_while_workers_run": "the hub, workers at work",
    }
    return _rows(
        table,
        (
            (text, *(front[name][each] for each in ("rate", "p50", "p95", "p99")), _ratio(front, name))
            for name, text in names.items()
        ),
    )


def _ratio(front: Numbers, name: str) -> str:
    return f"{front['ratio']:.2f}" if name == "hub" else ""


def _latency(found: Numbers) -> Table:
    rate, latency = found["asked"]["rate"], found["latency"]
    title = f"Placed → confirmed at {rate:g} orders a second ({latency['confirmed']} orders), milliseconds"
    rows = {"the whole": latency["whole"], **latency["hops"]}
    table = _table(title, "", "p50", "p95", "p99")
    return _rows(table, ((name, each["p50"], each["p95"], each["p99"]) for name, each in rows.items()))


def _costs(found: Numbers) -> Table:
    title = "What an order costs, up to its jobs on the board (counted)"
    columns = ("", "writes", *_PARTS, "queries of POST", "of workers")
    table = _table(title, *columns)
    for cost in found["costs"]:
        text = f"in memory, {cost['at_once']} at once (exact)"
        parts = [f"{cost[part]:.2f}" for part in ("writes", *_PARTS, "post_queries", "worker_queries")]
        table.add_row(text, *parts)
    for name, text in (("through", "this run, over HTTP"), ("backlog", "this run, backlog (orders there before)")):
        each = found[name]["an_order"]
        total = each["inserts"] + each["updates"] + each["pulls_at_most"]
        counted = (total, each["inserts"], each["updates"], each["pulls_at_most"], each["messages"])
        table.add_row(text, *(f"{value:.2f}" for value in counted), "", "")
    return table


def _memory(found: Numbers) -> Table:
    columns = ("", "processes", "resident, idle", "after HTTP + chain", "shared out, idle", "after")
    table = _table(f"Memory, MB (aim: ≤ {AIM_MB} for all)", *columns)
    idle, after = found["memory"]["idle"], found["memory"]["after"]
    for name, each in idle["programs"].items():
        later = after["programs"].get(name, {"resident_mb": None, "shared_out_mb": None})
        _rows(table, ((name, each["processes"], *_sizes(each, later)),))
    return _rows(table, (("the whole hub", "", *_sizes(idle, after)),))


def _sizes(idle: Numbers, after: Numbers) -> tuple[str, ...]:
    pairs = [(each[kind]) for kind in ("resident_mb", "shared_out_mb") for each in (idle, after)]
    return tuple("–" if each is None else f"{each:.0f}" for each in pairs)


def _cpu(found: Numbers) -> Table:
    cpu = found["cpu"]
    columns = ("", "idle", "HTTP + chain", "share", "backlog", "share", "POSTs alone")
    table = _table("CPU: % of a core when idle, and milliseconds an order", *columns)
    names = dict.fromkeys(name for part in ("through", "backlog") for name in cpu[part]["programs"])
    for name in names:
        idle = cpu["idle"]["programs"].get(name)
        cells = [each for part in ("through", "backlog", "post_only") for each in _used(cpu[part], name)]
        table.add_row(name, f"{idle['cores']:.1%}" if idle else "–", *cells[:-1])
    cores = " and ".join(f"{cpu[part]['cores']:.2f}" for part in ("through", "backlog"))
    table.caption = f"Cores busy: {cores}; idle {cpu['idle']['cores']:.2f}."
    return table


def _used(part: Numbers, name: str) -> tuple[str, str]:
    used = part["programs"].get(name)
    return (f"{used['ms_an_order']:.1f}", f"{used['share']:.0%}") if used else ("–", "")
