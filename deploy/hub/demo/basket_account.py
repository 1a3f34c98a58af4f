"""The account of a file of baskets. Pure: what was read, posted and answered in, figures out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.hub.demo.account import Account
from deploy.hub.demo.baskets import Plan, SortedBasket, can_order, not_local_names, off_shelf
from deploy.hub.demo.checks import Check
from deploy.hub.demo.facts import OrderFact
from deploy.hub.demo.replay import Posted, refusals


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds that posting all orders took, and from the first order until the last was answered."""

    posting_s: float
    answering_s: float


@dataclass(frozen=True, kw_only=True)
class BasketAccount:
    """What became of every basket and every name in it."""

    baskets: int
    nothing_local: int
    ordered: int
    refused: Sequence[tuple[str, int, str]]
    lines_asked: int
    lines_confirmed: int
    lines_refused: int
    not_local: Mapping[str, int]
    off_shelf: int
    pace: Pace
    account: Account


@dataclass(frozen=True, kw_only=True)
class Rung:
    """What was rung up: the baskets, the plan they were ordered by, what became of each request, and how fast."""

    baskets: Sequence[SortedBasket]
    plan: Plan
    posted: Sequence[Posted]
    pace: Pace

    @property
    def idle(self) -> int:
        """How many baskets ask nothing that is on the shelf."""
        return sum(not can_order(basket, self.plan) for basket in self.baskets)


def draw_up_baskets(rung: Rung, orders: Sequence[OrderFact], account: Account) -> BasketAccount:
    """The account; `orders` are those that the baskets became."""
    baskets, posted = rung.baskets, rung.posted
    lines = [line for order in orders for line in order.lines]
    confirmed = sum(bool(line.confirmed) for line in lines)
    return BasketAccount(
        baskets=len(baskets),
        nothing_local=rung.idle,
        ordered=sum(each.order_id is not None for each in posted),
        refused=refusals(posted),
        lines_asked=len(lines),
        lines_confirmed=confirmed,
        lines_refused=sum(line.confirmed == 0 for line in lines),
        not_local=dict(Counter(not_local_names(baskets)).most_common()),
        off_shelf=off_shelf(baskets, rung.plan),
        pace=rung.pace,
        account=account,
    )


def none_lost(rung: Rung) -> Check:
    """Every basket became an order, or a refusal with a reason, or asks nothing local."""
    answered = {each.line for each in rung.posted if each.order_id or each.code}
    asking = [basket.line for basket in rung.baskets if can_order(basket, rung.plan)]
    wrong = [f"The basket of line {line} was neither ordered nor refused." for line in asking if line not in answered]
    return Check(says="No basket is lost", count=len(rung.baskets), wrong=tuple(wrong))


def none_stuck(orders: Sequence[OrderFact], with_work: Sequence[str]) -> Check:
    """No order waits for producers any more; each confirmed one has its work planned (`with_work`: order ids)."""
    known = set(with_work)
    wrong = [f"Order {each.id} still waits for producers." for each in orders if each.status == "placed"]
    confirmed = [each for each in orders if each.status in ("confirmed", "confirmed_in_part")]
    wrong += [f"Order {each.id} is confirmed and has no work." for each in confirmed if each.id not in known]
    return Check(says="No order is stuck", count=len(orders), wrong=tuple(wrong))
