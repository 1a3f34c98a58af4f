"""Promise 2: every order that was taken ends once, and whoever placed it can read how and why."""

from collections import Counter
from typing import Any

from shared import clock
from tests.simulation.invariants.events import told
from tests.simulation.invariants.lists import pages
from tests.simulation.site import Person
from tests.simulation.watch import FINAL_ORDER
from tests.simulation.world import World

_ENDINGS = {
    "refused": ("Refused: ",),
    "cancelled": ("Cancelled by ", "Cancelled: "),
    "delivered": ("Delivered, all that was ordered.",),
    "delivered_in_part": ("Delivered in part: ",),
    "not_delivered": ("Not delivered: ",),
}
_LINE_ENDINGS = ("refused", "cancelled", "delivered", "delivered_in_part", "not_delivered")
_UNSAID = "no reason was given"


def ended_and_explained(hub: World) -> None:
    """As its buyer sees it."""
    for shop in hub.town.shops:
        listed = _list(hub, shop, "waiting=false")
        waiting = _list(hub, shop, "waiting=true")
        hub.notes.expect(not waiting, "2_ends_once", f"{shop.name} is shown {waiting} as waiting.")
        for id_, order in hub.states("orders", "orders").items():
            if order["buyer_id"] == shop.id:
                hub.notes.expect(
                    listed.count(id_) == 1, "2_ends_once", f"Order {id_} is listed {listed.count(id_)} times."
                )
                _look(hub, hub.site.send(shop, "GET", f"/v1/orders/{id_}").json)


def ends_once(hub: World) -> None:
    """It is told of one end, and of the one that it has."""
    ends = Counter(
        each.data["order_id"] for each in told(hub, "orders", "OrderRefused", "OrderDelivered", "OrderFailed")
    )
    for id_, order in hub.states("orders", "orders").items():
        expected = 0 if order["status"] == "cancelled" else 1
        hub.notes.expect(
            ends[id_] == expected, "2_ends_once", f"Order {id_}, {order['status']}: {ends[id_]} ends told."
        )


def how_they_went(hub: World) -> None:
    """Counts what is special about orders; breaks nothing."""
    for order in hub.states("orders", "orders").values():
        words = [f"refused: {order['refusal']}"] if order["refusal"] else []
        words += ["cancelled after it was confirmed"] if (order["cancel"] or {}).get("confirmed") else []
        words += ["packed"] if order["packed"] and order["confirmed_at"] else []
        for line in order["lines"]:
            last = line["attempts"][-1]
            words += ["another lot was tried"] if len(line["attempts"]) > 1 else []
            words += ["another lot was had"] if len(line["attempts"]) > 1 and last["reserved"] else []
            words += [f"line refused: {each['refusal']}" for each in line["attempts"] if each["refusal"]]
            words += ["line in part"] if 0 < last["reserved"] < last["asked"] else []
            words += ["line weighed"] if last["grams"] else []
        for word in words:
            hub.notes.count("end of order", word)


def _list(hub: World, shop: Person, which: str) -> list[str]:
    return [each["id"] for each in pages(hub, shop, f"/v1/orders?{which}")]


def _look(hub: World, order: dict[str, Any]) -> None:
    name, status, story = order["id"], order["status"], [each["text"] for each in order["timeline"]]
    expect = hub.notes.expect
    expect(status in FINAL_ORDER and not order["waits_for"], "2_ends_once", f"Order {name} is {status}.")
    expect(bool(order["ended_at"]), "2_explained", f"Nobody says when order {name} ended.")
    told_why = [text for text in story if text.startswith(_ENDINGS.get(status, ()))]
    expect(len(told_why) == 1, "2_explained", f"Order {name} is {status}; its story says {told_why} of it: {story}.")
    expect(not any(_UNSAID in text for text in story), "2_explained", f"Order {name} has no reason: {story}.")
    instants = [clock.parse(each["at"]) for each in order["timeline"]]
    expect(instants == sorted(instants), "2_explained", f"The story of order {name} goes back in time.")
    for line in order["lines"]:
        hub.notes.count("end of line", line["state"])
        settled = line["state"] in _LINE_ENDINGS and line["explanation"]
        expect(bool(settled), "2_explained", f"Line {line['id']} of {status} order {name} is {line['state']}.")
