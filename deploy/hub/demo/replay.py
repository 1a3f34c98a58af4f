"""Shopping baskets become orders of the shops, over a few connections, and are followed until each is answered."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from deploy.hub.demo.baskets import Item, Plan, SortedBasket, can_order, needed, order_body, order_key
from deploy.hub.demo.client import AnsweredNoError, Client
from deploy.hub.demo.ordering import Offer
from deploy.hub.demo.parties import Cast
from deploy.hub.demo.register import PLACE_ID

_ORDERS = "/orders/v1/orders"
_AT_ONCE = 4

Tick = Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Till:
    """The shops at which baskets are rung up, in turn: their numbers, and their clients by number."""

    shops: Sequence[str]
    clients: Mapping[str, Client]


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What became of one basket's request: an order, or the code and words of a refusal."""

    line: int
    order_id: str | None = None
    code: str = ""
    detail: str = ""


def shelf_of(cast: Cast, on_offer: Sequence[Offer]) -> dict[str, tuple[Item, ...]]:
    """What baskets are served from: the smallest pack of every lot on offer, by ware."""
    shelf: dict[str, tuple[Item, ...]] = {}
    for offer in on_offer:
        ware = cast.wares.get(offer["product"]["name"])
        if ware is not None:
            shelf[ware] = (*shelf.get(ware, ()), _item(offer))
    return shelf


def shortfall(baskets: Sequence[SortedBasket], plan: Plan, available: Mapping[str, int]) -> dict[str, int]:
    """Base units that lots lack to serve all these baskets, by lot; `available` is what each has."""
    wanted = needed(baskets, plan)
    lacks = {lot_id: units - available.get(lot_id, 0) for lot_id, units in wanted.items()}
    return {lot_id: units for lot_id, units in lacks.items() if units > 0}


def post_all(till: Till, plan: Plan, baskets: Sequence[SortedBasket], tick: Tick) -> list[Posted]:
    """Posts the baskets that ask something local; a refusal is an answer too, and counted."""

    def post(basket: SortedBasket) -> Posted:
        posted = _post(till, plan, basket)
        tick()
        return posted

    asking = [basket for basket in baskets if can_order(basket, plan)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(post, asking))


def refusals(posted: Sequence[Posted]) -> list[tuple[str, int, str]]:
    """Why requests were refused, most frequent first: code, how often, and one of the sentences."""
    counts = Counter(each.code for each in posted if each.order_id is None)
    words = {each.code: each.detail for each in posted if each.order_id is None}
    return [(code, count, words[code]) for code, count in counts.most_common()]


def _item(offer: Offer) -> Item:
    pack: Mapping[str, Any] = min(offer["packs"], key=lambda each: each["size"])
    return Item(lot_id=offer["lot_id"], pack_id=pack["id"], producer_id=offer["producer_id"], size=pack["size"])


def _post(till: Till, plan: Plan, basket: SortedBasket) -> Posted:
    shop = till.shops[basket.line % len(till.shops)]
    body = order_body(basket, plan, PLACE_ID)
    try:
        order = till.clients[shop].post(_ORDERS, body, once=order_key(basket, plan))
    except AnsweredNoError as error:
        return Posted(line=basket.line, code=error.code, detail=error.detail)
    return Posted(line=basket.line, order_id=order["id"])
