"""Shows an account to a person at a terminal."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from deploy.hub.demo.account import Account, StockRow, WorkRow
from deploy.hub.demo.checks import Check
from deploy.hub.demo.facts import LotFact, OrderFact

_SHOWN_WAITING = 5
_SHOWN_WRONG = 10
_THOUSAND = 1_000
_MANY = 100 * _THOUSAND
_LONGEST_NAME = 26
_NARROWEST = 8
_UNITS = {"g": "kg", "ml": "l"}
_DOCS = (("farmers", "producers"), ("shops and kitchens", "orders"), ("social enterprises", "logistics"))


def show_account(account: Account, console: Console) -> None:
    """All of it; the long table first, so that the terminal ends with what matters most."""
    _show_stock(account.stock, console)
    show_orders(account, console)
    _show_work(account.work, console)
    if account.open_jobs:
        console.print(f"{account.open_jobs} jobs are on the board, for an enterprise to take up.", highlight=False)
    show_waiting(account.waiting, console)
    show_checks(account.checks, console)


def show_orders(account: Account, console: Console) -> None:
    """How many orders ended how, and how long their answers took."""
    console.print("\n[bold]Orders by state[/]")
    console.print(figures({status.replace("_", " "): count for status, count in account.by_status.items()}))
    if account.answer:
        each = account.answer
        console.print(
            f"From placed to answered: {each.p50:.2f} s in the middle, {each.p95:.2f} s for 95 of 100, "
            f"{each.slowest:.2f} s at most ({each.count} orders).",
            highlight=False,
            soft_wrap=True,
        )


def figures(rows: Mapping[str, int]) -> Table:
    """Names and numbers, one a line."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for name, count in rows.items():
        table.add_row(name, _spaced(count))
    return table


def show_waiting(orders: Sequence[OrderFact], console: Console) -> None:
    """Which orders wait, and why."""
    if not orders:
        console.print("No order waits.")
        return
    console.print(f"[bold]{len(orders)} orders wait[/]", highlight=False)
    for order in orders[:_SHOWN_WAITING]:
        text = f"  {order.id[:8]}  {order.buyer}: {order.status.replace('_', ' ')}. {order.why}"
        console.print(text, highlight=False, markup=False, soft_wrap=True)
    if len(orders) > _SHOWN_WAITING:
        console.print(f"  and {len(orders) - _SHOWN_WAITING} more.")


def show_checks(checks: Iterable[Check], console: Console) -> None:
    """What must hold, and whether it did."""
    console.print("\n[bold]What must hold[/]")
    for check in checks:
        mark = "[red]broken[/]" if check.wrong else "[green]holds[/]"
        console.print(f"  {mark}  {check.says} ({check.count} checked).", highlight=False, soft_wrap=True)
        for sentence in check.wrong[:_SHOWN_WRONG]:
            console.print(f"          {sentence}", highlight=False, markup=False, soft_wrap=True)
        if len(check.wrong) > _SHOWN_WRONG:
            console.print(f"          and {len(check.wrong) - _SHOWN_WRONG} more.")


def show_docs(base_url: str, console: Console) -> None:
    """Where the APIs are described."""
    console.print("\n[bold]The hub's APIs[/], to read and to try:")
    for people, service in _DOCS:
        console.print(f"  for {people:<20} {base_url}/{service}/docs", highlight=False)


def quantity(units: int, unit: str) -> str:
    """A quantity for people: kilograms and litres, to a tenth where they are few; pieces as they are."""
    if unit not in _UNITS:
        return _spaced(units)
    if abs(units) >= _MANY:
        return f"{_spaced(round(units / _THOUSAND))} {_UNITS[unit]}"
    return f"{units / _THOUSAND:.1f} {_UNITS[unit]}".replace(".0 ", " ")


def euros(cents: int) -> str:
    """An amount for people."""
    return f"€ {_spaced(cents // 100)}.{cents % 100:02d}"


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _show_stock(rows: Sequence[StockRow], console: Console) -> None:
    moved = [row for row in rows if _is_moved(row)]
    table = _table("lot", "before", "now", "reserved", "collected", "withdrawn")
    for row in moved:
        table.add_row(row.after.product, *_figures(row.before, row.after))
    console.print("\n[bold]Stock[/]: what was available before, what is now, and where the rest is", highlight=False)
    console.print(table)
    if len(rows) > len(moved):
        console.print(f"Lots that did not change: {len(rows) - len(moved)}.", highlight=False)


def _is_moved(row: StockRow) -> bool:
    return row.before is None or (row.before.listed, row.before.parts) != (row.after.listed, row.after.parts)


def _figures(before: LotFact | None, after: LotFact) -> list[str]:
    was = quantity(before.available, after.unit) if before else "new"
    return [was, *(quantity(each, after.unit) for each in after.parts)]


def _show_work(rows: Sequence[WorkRow], console: Console) -> None:
    table = _table("enterprise", "collected", "packed", "delivered", "still held", "earned")
    for row in rows:
        kinds = (str(row.done.get(kind, 0)) for kind in ("collect", "pack", "deliver"))
        table.add_row(row.enterprise, *kinds, str(row.held), euros(row.pay_cents))
    console.print("\n[bold]Jobs by enterprise[/]")
    console.print(table)


def _table(first: str, *others: str) -> Table:
    """A plain table: words at the left, figures at the right."""
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first, no_wrap=True, max_width=_LONGEST_NAME)
    for name in others:
        table.add_column(name, justify="right", min_width=_NARROWEST)
    return table
