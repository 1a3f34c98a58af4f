"""All promises that are looked at in the end. A further one is one function and one line here."""

from collections.abc import Callable

from tests.simulation.invariants import copies, jobs, kept, lists, money, orders, repeat, stock
from tests.simulation.world import World

CHECKS: tuple[Callable[[World], None], ...] = (
    copies.nothing_left,
    stock.accounts,
    stock.set_aside_once,
    stock.as_told,
    jobs.one_holder,
    jobs.goods_first,
    jobs.how_they_ended,
    orders.ended_and_explained,
    orders.ends_once,
    orders.how_they_went,
    kept.creations,
    kept.requests,
    kept.changes,
    kept.work,
    copies.offers,
    copies.products,
    copies.settlements,
    copies.jobs,
    copies.weights,
    lists.own_things,
    lists.offers,
    money.totals,
    money.no_floats,
    repeat.in_another_order,
    repeat.told_again,
)


def check(hub: World) -> None:
    """Looks at each, until one does not hold."""
    for look in CHECKS:
        try:
            look(hub)
        except LookupError as error:  # what should be there is not: most often it is told of already
            hub.notes.broke("it_can_be_checked", f"{look.__name__}: {error!r}")
        if hub.notes.breaches:
            return
