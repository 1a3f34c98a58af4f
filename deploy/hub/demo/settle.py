"""The hub comes to rest: facts are gathered until they agree, or until it is plain that they will not."""

import time
from collections.abc import Callable, Iterable, Sequence

from deploy.hub.demo import checks
from deploy.hub.demo.account import Facts
from deploy.hub.demo.checks import Check
from deploy.hub.demo.facts import Claim

_TRIES = 8
_PAUSE_S = 1.5


def check_all(facts: Facts, placed: Sequence[str], claims: Iterable[Claim]) -> list[Check]:
    """Everything that must hold, on what was gathered."""
    orders = {order.id: order for order in facts.orders}
    mine = [orders[each] for each in placed if each in orders]
    return [
        checks.lots_add_up(facts.lots),
        checks.orders_are_known(placed, orders),
        checks.orders_are_explained(mine),
        checks.jobs_have_one_holder(facts.jobs, claims),
        checks.reservations_add_up(facts.lots, facts.orders),
        checks.goods_add_up(facts.lots, facts.jobs),
        checks.arrivals_add_up(facts.orders, facts.jobs),
    ]


def at_rest(gather: Callable[[], Facts], judge: Callable[[Facts], list[Check]]) -> tuple[Facts, list[Check]]:
    """The facts and checks once they agree; a service hears of another's doings a moment later.

    What still does not agree after some seconds is shown as it is.
    """
    facts = gather()
    found = judge(facts)
    for _ in range(_TRIES):
        if not any(check.wrong for check in found):
            break
        time.sleep(_PAUSE_S)
        facts = gather()
        found = judge(facts)
    return facts, found
