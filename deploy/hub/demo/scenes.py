"""What else happens on a morning: scarce lots, a cancelled order, a price that changes, a lot that is taken away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.hub.demo.client import AnsweredNoError, Client
from deploy.hub.demo.ordering import Counter, Offer, Order, line, place
from deploy.hub.demo.parties import Cast, Shop
from deploy.hub.demo.render import euros

_LOTS = "/producers/v1/lots"
_ORDERS = "/orders/v1/orders"
_DEARER_PERCENT = 105

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Everybody and everything that a scene needs; `turn` is different every morning."""

    cast: Cast
    farms: Mapping[str, Client]
    counter: Counter
    on_offer: Sequence[Offer]
    tell: Tell
    turn: int

    def offer_of(self, ware: str, farm: int | None = None) -> Offer:
        """What is on offer of a ware, of one farm where its number is given."""
        kbo = {one.kbo for one in self.cast.farms if farm in (None, one.number)}
        found = (each for each in self.on_offer if self._ware_of(each) == ware)
        return next(each for each in found if each["producer_id"] in kbo)

    def without(self, ware: str) -> list[Offer]:
        """All that is on offer, but for this ware."""
        return [each for each in self.on_offer if self._ware_of(each) != ware]

    def _ware_of(self, offer: Offer) -> str | None:
        return self.cast.wares.get(offer["product"]["name"])

    def packs_left(self, offer: Offer) -> int:
        """How many of its smallest packs are free, asked of its producer now."""
        lot = self.farms[offer["producer_id"]].get(f"{_LOTS}/{offer['lot_id']}")
        return int(lot["stock"]["available"]) // min(int(each["size"]) for each in offer["packs"])

    def other_price(self, offer: Offer, pack: Mapping[str, Any]) -> int:
        """What the farm usually asks for a pack, in cents; a little more where it asks just that now."""
        lots = (lot for farm in self.cast.farms for lot in farm.lots if lot.product.name == offer["product"]["name"])
        usual = next(each.price_cents for lot in lots for each in lot.packs if each.label == pack["label"])
        return usual * _DEARER_PERCENT // 100 if pack["price_cents"] == usual else usual


def scarce(stage: Stage) -> None:
    """Three shops want more than there is: one takes what is left, one a substitute, one all or nothing."""
    herbs, juice, plants = stage.offer_of("peterselie"), stage.offer_of("appelsap", 6), stage.offer_of("potplant")
    bread = stage.offer_of("volkorenbrood")
    first, second, third, fourth = stage.cast.shops[3:7]
    _want_more(stage, first, herbs, "less_is_fine")
    _want_more(stage, second, juice, "substitute_ok")
    asked = stage.packs_left(plants) + 1
    place(stage.counter, third, [line(plants, asked, "exact"), line(bread, 4, "exact")])
    stage.tell(f"{third.name} wants exactly {asked} × {_name(plants)}, one more than there are, and bread besides.")
    place(stage.counter, fourth, [line(plants, asked, "exact")])
    stage.tell(f"{fourth.name} wants the same {asked}, and nothing else.")


def dearer(stage: Stage) -> None:
    """A farm changes a price right after somebody ordered: that order keeps the price that it saw."""
    apples, shop = stage.offer_of("appels"), stage.cast.shops[7]
    order = place(stage.counter, shop, [line(apples, 12, "exact")])
    client = stage.farms[apples["producer_id"]]
    packs = client.get(f"{_LOTS}/{apples['lot_id']}")["packs"]
    changed = [{**each, "price_cents": stage.other_price(apples, each)} for each in packs]
    client.patch(f"{_LOTS}/{apples['lot_id']}", {"packs": changed})
    before, after = packs[0]["price_cents"], changed[0]["price_cents"]
    stage.tell(
        f"{apples['producer_name']} asks {euros(after)} instead of {euros(before)} for {_name(apples)}; "
        f"order {order['id'][:8]} was placed before and keeps its price."
    )


def taken_away(stage: Stage, ware: str) -> None:
    """A farm takes a lot off offer; who orders it after that is told so."""
    berries, shop = stage.offer_of(ware), stage.cast.shops[8]
    stage.farms[berries["producer_id"]].post(f"{_LOTS}/{berries['lot_id']}/withdraw")
    stage.tell(f"{berries['producer_name']} withdraws {_name(berries)}: the freezer failed.")
    try:
        place(stage.counter, shop, [line(berries, 2, "exact"), line(stage.offer_of("honing"), 3, "exact")])
    except AnsweredNoError as error:
        stage.tell(f"{shop.name} orders it a moment later and is told: {error.detail}")
    else:
        stage.tell(f"{shop.name} orders it a moment later: the farm will refuse that line.")


def think_better(stage: Stage, orders: Sequence[tuple[Shop, Order]]) -> None:
    """Shops take orders back before anything of them is collected."""
    for shop, order in orders:
        answer: Mapping[str, Any] = stage.counter.clients[shop.kbo].post(f"{_ORDERS}/{order['id']}/cancel")
        stage.tell(f"{shop.name} cancels order {order['id'][:8]}, which is {answer['status'].replace('_', ' ')} now.")


def _want_more(stage: Stage, shop: Shop, offer: Offer, wish: str) -> None:
    left = stage.packs_left(offer)
    place(stage.counter, shop, [line(offer, left + 2, wish)])
    words = {"less_is_fine": "fewer will do", "substitute_ok": "another farm's will do"}
    stage.tell(f"{shop.name} wants {left + 2} × {_name(offer)}, of which {left} are left: {words[wish]}.")


def _name(offer: Offer) -> str:
    return str(offer["product"]["name"])
