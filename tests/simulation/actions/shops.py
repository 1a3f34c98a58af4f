"""What shops do: order, take back, confirm receipt, report what is missing."""

from collections.abc import Callable
from typing import Any

from shared.values import WISHES
from tests.simulation.actions.farms import window
from tests.simulation.play import Ask, Play
from tests.simulation.site import Person

_ARRIVED = ("delivered", "delivered_in_part")


def order(play: Play) -> dict[str, Any] | None:
    """Some packs of one to three lots, of which there may not be enough; the order, where it was taken."""
    shop = play.person(play.world.town.shops)
    offers = {id_: each["lot"] for id_, each in play.world.states("orders", "offers").items() if each["lot"]}
    lines: list[dict[str, Any]] = []
    for number in range(play.draw.choice((1, 1, 2, 3))):
        taken = {f"{line['lot_id']} {line['pack_id']}" for line in lines}
        chosen = play.pick({f"{id_} {pack['id']}" for id_, lot in offers.items() for pack in lot["packs"]} - taken)
        if chosen is None:
            break
        lot_id, pack_id = chosen.split()
        count, wish = play.draw.choice((1, 2, 3, 6)), play.draw.choice(WISHES)
        lines.append({"lot_id": lot_id, "pack_id": pack_id, "count": count + number, "wish": wish})
    if not lines:
        return None
    body = {
        "place_id": "main",
        "window": window(play, play.draw.choice((6, 12, 26)), play.draw.choice((3, 8))),
        "packed": play.draw.random() < 1 / 4,
        "lines": lines,
    }
    key = play.key() if play.draw.random() < 0.9 else ""
    taken: dict[str, Any] | None = play.ask(
        shop, Ask(what="order", method="POST", path="/v1/orders", body=body, key=key)
    )
    return taken


def order_and_cancel(play: Play) -> None:
    """Thinks better of it while the farms are still being asked."""
    taken = order(play)
    if taken is None:
        return
    for _ in range(play.draw.choice((0, 5, 20, 60))):
        play.world.turns.pause()
    shop = next(each for each in play.world.town.shops if each.id == taken["buyer_id"])
    play.ask(shop, Ask(what="cancel", method="POST", path=f"/v1/orders/{taken['id']}/cancel", of=taken["id"]))


def cancel(play: Play) -> None:
    """Takes an order back, in time or too late."""
    found = order_of(
        play, lambda order: order["cancel"] is None and order["status"] in ("placed", "confirmed", "confirmed_in_part")
    )
    if found is not None:
        id_, _, shop = found
        play.ask(shop, Ask(what="cancel", method="POST", path=f"/v1/orders/{id_}/cancel", of=id_))


def receipt(play: Play) -> None:
    """What came is there."""
    found = order_of(play, lambda order: order["status"] in _ARRIVED)
    if found is not None:
        id_, _, shop = found
        play.ask(shop, Ask(what="receipt", method="POST", path=f"/v1/orders/{id_}/receipt", of=id_))


def report_short(play: Play) -> None:
    """What came is not all there."""
    found = order_of(play, lambda order: order["status"] in _ARRIVED)
    if found is not None:
        id_, state, shop = found
        line = play.draw.choice(state["lines"])["id"]
        path = f"/v1/orders/{id_}/lines/{line}/short"
        body = {"missing": play.draw.choice((1, 1, 2)), "note": f"Step {play.number}."}
        play.ask(shop, Ask(what="report_short", method="POST", path=path, of=f"{id_}.{line}", body=body))


def order_of(play: Play, suits: Callable[[dict[str, Any]], bool]) -> tuple[str, dict[str, Any], Person] | None:
    """An order that suits, rarely one that does not, and whose it is."""
    orders = play.world.states("orders", "orders")
    suiting = [id_ for id_, each in orders.items() if suits(each)]
    id_ = play.pick(suiting if suiting and play.draw.random() < 0.9 else orders)
    if id_ is None:
        return None
    shop = next(each for each in play.world.town.shops if each.id == orders[id_]["buyer_id"])
    return id_, orders[id_], shop


TABLE = {
    "order": (order, 14),
    "order_and_cancel": (order_and_cancel, 3),
    "cancel": (cancel, 5),
    "receipt": (receipt, 2),
    "report_short": (report_short, 3),
}
