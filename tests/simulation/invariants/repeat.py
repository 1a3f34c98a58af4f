"""Promise 5: every message twice, late, or in another order between topics gives the same documents."""

from collections.abc import Mapping
from typing import Any

from shared.bus.memory import MemoryBroker
from shared.bus.port import Parcel
from shared.hub import DEFAULT_HUB
from shared.store.memory import MemoryStore
from shared.store.port import Write
from shared.wiring import Parts, worker_on
from tests.chain import MONDAY, SERVICES
from tests.simulation.chance import chance
from tests.simulation.world import World

_COMPARED = {
    "producers": ("lots", "refusals", "settlements"),
    "orders": ("offers", "orders"),
    "logistics": ("jobs",),
}
_MOST = 5_000


def told_again(hub: World) -> None:
    """All that was ever told comes once more, to everybody, in some order between topics: nothing becomes different."""
    before = _documents(hub)
    draw = chance(hub.seed, "again")
    logs = [list(log) for _, log in sorted(hub.bus.broker.logs.items()) if log]
    while logs:
        log = draw.choice(logs)
        hub.bus.repeat([log.pop(0)])
        logs = [each for each in logs if each]
    hub.bus.orderly = False
    hub.settle(draw)
    hub.bus.orderly = True
    hub.settle(draw)
    after = _documents(hub)
    for name in before.keys() | after.keys():
        one, other = before.get(name), after.get(name)
        hub.notes.expect(one == other, "5_same_documents", f"{name} became different: {_difference(one, other)}.")


def _documents(hub: World) -> dict[str, Any]:
    return {
        f"{service}, {collection}/{id_}": _compared(state)
        for service, collections in _COMPARED.items()
        for collection in collections
        for id_, state in hub.states(service, collection).items()
    }


def _compared(state: Mapping[str, Any]) -> dict[str, Any]:
    """Of a lot its account, not which reservations it still remembers."""
    return {name: value for name, value in state.items() if name != "reservations"}


def _difference(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return one, other
    return {name: (one[name], other.get(name)) for name in one if one[name] != other.get(name)}


def in_another_order(hub: World) -> None:
    """Orders as they were placed, and what producers and logistics told, in another order between topics."""
    again = _told_anew(hub)
    orders = hub.states("orders", "orders")
    for id_, order in orders.items():
        if _only_told(order):
            other = again[id_]
            same = other == order
            hub.notes.expect(same, "5_same_documents", f"Order {id_}, told anew: {_difference(order, other)}.")
    for id_, offer in hub.states("orders", "offers").items():
        hub.notes.expect(again[id_] == offer, "5_same_documents", f"Offer {id_}: {_difference(offer, again[id_])}.")


def _only_told(order: Mapping[str, Any]) -> bool:
    """Whether nothing but events made it what it is: no request, no deadline, no search for another lot."""
    asked = order["cancel"] or order["receipt_at"] or order["refusal"] == "no_answer_in_time"
    searched = any(line["wish"] == "substitute_ok" and line["attempts"][0]["refusal"] for line in order["lines"])
    return not (asked or searched or any(line["missing"] for line in order["lines"]))


def _told_anew(hub: World) -> dict[str, Any]:
    service = SERVICES["orders"]
    store, broker = MemoryStore(), MemoryBroker(partitions=1)
    store.write("orders", [Write(id=id_, version=1, state=state) for id_, state in hub.placed.items()])
    topics = list(service.consumes)
    chance(hub.seed, "anew").shuffle(topics)
    subscription = broker.subscribe(service.group, topics)
    worker = worker_on(
        service, Parts(store=store, hub=DEFAULT_HUB, now=lambda: MONDAY), broker, subscription, subscription.close
    )
    for topic in topics:
        records = hub.bus.records(topic)
        broker.publish([Parcel(topic=each.topic, key=each.key, value=each.value) for each in records])
        while worker.turn():
            pass
    collections = (store._documents.get(name, {}) for name in ("orders", "offers"))
    return {id_: document.state for documents in collections for id_, document in documents.items()}
