"""Promise 4: whatever was acknowledged is there in the end, and nothing is there that nobody asked for."""

from collections.abc import Callable, Iterable
from typing import Any

from shared import ids
from tests.simulation.deeds import Deed
from tests.simulation.invariants.events import Told, told
from tests.simulation.world import World

_JOB_EVENTS = {
    "claim": "JobClaimed",
    "start": "JobStarted",
    "drop": "JobDropped",
    "done": "JobDone",
    "fail": "JobFailed",
    "operator_fails_job": "JobFailed",
    "operator_cancels_job": "JobCancelled",
}


def creations(hub: World) -> None:
    """Every lot and order that was acknowledged exists, once; each that exists was asked for."""
    for what, service, collection in (("list_lot", "producers", "lots"), ("order", "orders", "orders")):
        there = set(hub.states(service, collection))
        made = {deed.answer["id"] for deed in hub.deeds.done(what)}
        hub.notes.expect(
            made <= there, "4_acknowledged_stays", f"{what}: {made - there} were acknowledged and are gone."
        )
        perhaps = {_id(hub, deed, collection) for deed in hub.deeds.unsure(what)}
        more = there - made - perhaps
        hub.notes.expect(len(more) <= _keyless(hub, what), "4_nothing_twice", f"{what}: nobody asked for {more}.")
    for deed in hub.deeds.done("order"):
        lines = hub.states("orders", "orders")[deed.answer["id"]]["lines"]
        asked = [
            (line["attempts"][0]["source"]["lot_id"], line["attempts"][0]["asked"], line["wish"]) for line in lines
        ]
        sent = [(line["lot_id"], line["count"], line["wish"]) for line in deed.body["lines"]]
        hub.notes.expect(asked == sent, "4_acknowledged_stays", f"Order {deed.answer['id']} says {asked}, not {sent}.")


def _id(hub: World, deed: Deed, collection: str) -> str:
    """What a request with this step's Idempotency-Key makes."""
    return ids.derived_id(deed.who, f"/v1/{collection}", f"step-{hub.seed}-{deed.number}")


def _keyless(hub: World, what: str) -> int:
    """Without a key nobody can tell what an unanswered request made: at most one thing each."""
    return sum(1 for _ in hub.deeds.unsure(what))


def requests(hub: World) -> None:
    """What was asked of lots and orders was done."""
    orders, lots = hub.states("orders", "orders"), hub.states("producers", "lots")
    checks: dict[str, Callable[[Deed], bool]] = {
        "cancel": lambda deed: orders[deed.of]["cancel"] is not None,
        "operator_cancels_order": lambda deed: orders[deed.of]["cancel"] is not None,
        "receipt": lambda deed: orders[deed.of]["receipt_at"] is not None,
        "report_short": lambda deed: _missing(orders, deed.of) > 0,
        "withdraw_lot": lambda deed: lots[deed.of]["status"] == "withdrawn",
        "operator_withdraws_lot": lambda deed: lots[deed.of]["status"] == "withdrawn",
        "change_lot": lambda deed: hub.version("producers", "lots", deed.of) >= deed.answer["version"],
    }
    for what, holds in checks.items():
        for deed in hub.deeds.done(what):
            hub.notes.expect(
                holds(deed), "4_acknowledged_stays", f"{what} of {deed.of} was acknowledged, and is not there."
            )


def _missing(orders: Any, of: str) -> int:
    order_id, line_id = of.split(".")
    return next(line["missing"] for line in orders[order_id]["lines"] if line["id"] == line_id)


def changes(hub: World) -> None:
    """The last acknowledged change of each thing about a lot or a product is what it says."""
    for what, collection in (("change_lot", "lots"), ("change_product", "products")):
        states = hub.states("producers", collection)
        latest: dict[tuple[str, str], Deed] = {}
        for deed in sorted(hub.deeds.done(what), key=lambda each: each.answer["version"]):
            latest |= {(deed.of, name): deed for name in deed.body}
        unsure = {(deed.of, name) for deed in hub.deeds.unsure(what) for name in deed.body}
        for (id_, name), deed in latest.items():
            state = states[id_].get("product", {}) if what == "change_product" else states[id_]
            same = (id_, name) in unsure or _like(deed.body[name], state[name])
            hub.notes.expect(same, "4_acknowledged_stays", f"{name} of {id_}: {deed.body[name]} became {state[name]}.")


def _like(sent: Any, stored: Any) -> bool:
    if isinstance(sent, dict):
        return all(_like(each, stored[name]) for name, each in sent.items())
    if isinstance(sent, list):
        return len(sent) == len(stored) and all(_like(one, other) for one, other in zip(sent, stored, strict=True))
    return bool(sent == stored)


def work(hub: World) -> None:
    """Whatever somebody did about a job was told, as theirs, as often as it was acknowledged to different people."""
    events = list(told(hub, "jobs"))
    for what, type_ in _JOB_EVENTS.items():
        for deed in hub.deeds.done(what):
            mine = _of(events, type_, deed)
            hub.notes.expect(bool(mine), "4_acknowledged_stays", f"{what} of {deed.of} by {deed.who} was never told.")
    weights = {
        (each.reservation, each.data["grams"]) for each in told(hub, "reservations", "WeightRecorded", "StockCollected")
    }
    for deed in hub.deeds.done("weigh"):
        there = (deed.of, deed.body["grams"]) in weights
        hub.notes.expect(there, "4_acknowledged_stays", f"The weight {deed.body['grams']} of {deed.of} was never told.")


def _of(events: Iterable[Told], type_: str, deed: Deed) -> list[Told]:
    mine = [each for each in events if each.type == type_ and each.data["job_id"] == deed.of]
    if deed.who == "operator":
        return mine
    return [each for each in mine if each.data["enterprise_id"] == deed.who]
