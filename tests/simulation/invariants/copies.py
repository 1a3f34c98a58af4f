"""What services know of each other's truth: once all is told, the copies agree with it, and nothing is left over."""

from typing import Any

from tests.simulation.invariants.events import Told, told
from tests.simulation.world import World

State = dict[str, Any]
_TOLD_TENTHS = 10


def nothing_left(hub: World) -> None:
    """No event waits to be published, and none was put aside as unreadable."""
    for name, store in hub.stores.items():
        left = [events for those in store.inner._outboxes.values() for events in those.values() if events]
        hub.notes.expect(not left, "4_all_is_told", f"{name} never told {left}.")
    reasons = [dict(record.headers).get("reason") for record in hub.bus.dead()]
    hub.notes.expect(not reasons, "nothing_breaks", f"Dead letters: {reasons}.")


def offers(hub: World) -> None:
    """What shops see is what farms have; of stock they hear when it moved by a tenth."""
    copies = hub.states("orders", "offers")
    for id_, lot in hub.states("producers", "lots").items():
        copy = copies.get(id_)
        hub.notes.expect(copy is not None, "copies_agree", f"Shops never heard of lot {id_}.")
        if copy is not None:
            _offer(hub, id_, lot, copy)
    unknown = copies.keys() - hub.states("producers", "lots").keys()
    hub.notes.expect(not unknown, "copies_agree", f"Shops see lots that nobody listed: {unknown}.")


def _offer(hub: World, id_: str, lot: State, copy: State) -> None:
    withdrawn = lot["status"] == "withdrawn"
    hub.notes.expect(
        copy["on_offer"] is not withdrawn, "copies_agree", f"Lot {id_} is {lot['status']}: {copy['on_offer']}."
    )
    if withdrawn:
        return
    names = [name for name in copy["lot"] if name not in ("lot_id", "available")]
    differ = {name: (copy["lot"][name], lot[name]) for name in names if copy["lot"][name] != lot[name]}
    hub.notes.expect(not differ, "copies_agree", f"Lot {id_}, as shops see it and as it is: {differ}.")
    free = lot["listed"] - lot["reserved"] - lot["collected"] - lot["lost"]
    near = abs(copy["lot"]["available"] - free) * _TOLD_TENTHS < lot["listed"]
    in_stock = free >= min(pack["size"] for pack in lot["packs"])
    hub.notes.expect(near, "copies_agree", f"Lot {id_} has {free}; shops see {copy['lot']['available']}.")
    hub.notes.expect(
        copy["in_stock"] == in_stock, "copies_agree", f"Lot {id_} has {free}; in stock: {copy['in_stock']}."
    )


def products(hub: World) -> None:
    """A correction of a product has reached every lot that is not withdrawn.

    Unless whoever made it was told that it may not be done, and did not repeat it: the same change then carries on.
    """
    made = hub.states("producers", "products")
    broken_off = _broken_off(hub)
    for id_, lot in hub.states("producers", "lots").items():
        if broken_off & {id_, lot["product_id"]}:
            continue
        same = lot["status"] == "withdrawn" or lot["product"] == made[lot["product_id"]]["product"]
        hub.notes.expect(same, "copies_agree", f"Lot {id_} has an old description of its product.")


def _broken_off(hub: World) -> set[str]:
    """Products of which the last change, and lots of which the listing, got no answer."""
    last = {deed.of: deed for deed in hub.deeds.all if deed.what == "change_product" and deed.outcome != "refused"}
    listed = {deed.answer["id"] for deed in hub.deeds.done("list_lot")}
    unsure = {id_ for id_, deed in last.items() if deed.outcome == "unknown"}
    return unsure | (hub.states("producers", "lots").keys() - listed)


def settlements(hub: World) -> None:
    """The farms' own history of reservations says what their lots say, and adds up to what lots hold."""
    known = hub.states("producers", "settlements")
    for id_, each in known.items():
        hub.notes.count("end of reservation", each["status"])
        complete = each["goods"] is not None and each["status"] != "open"
        hub.notes.expect(complete, "copies_agree", f"The history of {id_} is {each['status']}, goods {each['goods']}.")
    for lot_id, lot in hub.states("producers", "lots").items():
        mine = [each for each in known.values() if each["lot_id"] == lot_id]
        left = sum(
            each["goods"]["quantity"] - sum(freed["quantity"] for freed in each["freed"])
            for each in mine
            if each["goods"]
        )
        holds = lot["reserved"] + lot["collected"] + lot["lost"]
        hub.notes.expect(left == holds, "copies_agree", f"Lot {lot_id} holds {holds}, its history says {left}.")


def weights(hub: World) -> None:
    """A line is billed on the last weight that was told of it."""
    last: dict[str, Told] = {}
    for each in told(hub, "reservations", "StockCollected", "WeightRecorded"):
        known = last.get(each.reservation)
        if each.data["grams"] is not None and (known is None or known.place < each.place):
            last[each.reservation] = each
    for order_id, order in hub.states("orders", "orders").items():
        for line in order["lines"]:
            for attempt in line["attempts"]:
                name = f"{order_id}.{line['id']}.{attempt['number']}"
                grams = last[name].data["grams"] if name in last else None
                same = attempt["grams"] == grams
                hub.notes.expect(same, "copies_agree", f"{name} weighs {grams} g; it is billed on {attempt['grams']}.")


def jobs(hub: World) -> None:
    """What shops see of the work is how far it is."""
    truth = hub.states("logistics", "jobs")
    for order_id, order in hub.states("orders", "orders").items():
        mine = {id_: job for id_, job in truth.items() if job["order_id"] == order_id and job["task"]}
        seen = {job["id"]: job for job in order["jobs"]}
        hub.notes.expect(
            mine.keys() == seen.keys(), "copies_agree", f"Order {order_id} has jobs {mine.keys()}: {seen.keys()}."
        )
        has_work = bool(mine) == (order["confirmed_at"] is not None)
        hub.notes.expect(has_work, "copies_agree", f"Order {order_id} is {order['status']} and has {len(mine)} jobs.")
        for id_ in mine.keys() & seen.keys():
            _job(hub, id_, mine[id_], seen[id_])


def _job(hub: World, id_: str, job: State, copy: State) -> None:
    last = copy["steps"][-1]["what"] if copy["steps"] else "offered"
    hub.notes.expect(last == job["status"], "copies_agree", f"Job {id_} is {job['status']}; shops see {last}.")
    handed = {line["line_id"]: line["count"] for line in (job["handover"] or {}).get("lines", ()) if line["count"]}
    hub.notes.expect(
        (copy["moved"] or {}) == handed, "copies_agree", f"Job {id_} moved {handed}; shops see {copy['moved']}."
    )
