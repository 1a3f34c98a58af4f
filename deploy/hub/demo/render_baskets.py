"""Shows the account of a file of baskets to a person at a terminal."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from deploy.hub.demo.basket_account import BasketAccount
from deploy.hub.demo.render import figures, show_checks, show_orders, show_waiting

_TOP = 20


def show_basket_account(found: BasketAccount, console: Console) -> None:
    """What became of the baskets, the lines and the names that are not local."""
    console.print("\n[bold]Baskets[/]")
    console.print(_figures(found))
    for code, count, detail in found.refused:
        console.print(f"  {count} × {code}, such as: {detail}", highlight=False, markup=False, soft_wrap=True)
    show_orders(found.account, console)
    pace = found.pace
    if found.ordered:
        console.print(
            f"{found.ordered / pace.posting_s:.0f} orders/s placed; {found.ordered / pace.answering_s:.0f} orders/s "
            f"from the first order to the last answer ({pace.answering_s:.1f} s).",
            highlight=False,
            soft_wrap=True,
        )
    console.print(f"\n[bold]Not local: {len(found.not_local)} names, the most frequent of them[/]", highlight=False)
    console.print(_not_local(found.not_local))
    console.print()
    show_waiting(found.account.waiting, console)
    show_checks(found.account.checks, console)


def _figures(found: BasketAccount) -> Table:
    return figures(
        {
            "in the file": found.baskets,
            "with something local, ordered": found.ordered,
            "with something local, refused": sum(count for _, count, _ in found.refused),
            "with nothing local": found.nothing_local,
            "lines ordered": found.lines_asked,
            "lines confirmed": found.lines_confirmed,
            "lines refused": found.lines_refused,
            "names not local": sum(found.not_local.values()),
            "names local, but not on offer": found.off_shelf,
        }
    )


def _not_local(names: Mapping[str, int]) -> Table:
    table = Table("", "", "", "", box=None, show_header=False, pad_edge=False)
    cells = [(name, str(count)) for name, count in list(names.items())[:_TOP]]
    half = -(-len(cells) // 2)
    for place in range(half):
        right = cells[half + place] if half + place < len(cells) else ("", "")
        table.add_row(*cells[place], *right)
    return table
