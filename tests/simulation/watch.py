"""What must hold at every single write, looked at as it happens: accounts balance, and nothing goes backwards."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.simulation.notes import Notes

State = Mapping[str, Any]

FINAL_ORDER = ("refused", "cancelled", "delivered", "delivered_in_part", "not_delivered")
FINAL_JOB = ("done", "failed", "cancelled")
_RANK = {"placed": 0, "confirmed": 1, "confirmed_in_part": 1, "cancelling": 2, "collecting": 3, "underway": 4}
_NEXT = {
    "": ("expected", "open", "cancelled"),
    "expected": ("expected", "open", "cancelled"),
    "open": ("open", "claimed", "failed", "cancelled"),
    "claimed": ("claimed", "open", "started", "failed", "cancelled"),
    "started": ("started", "open", "done", "failed"),
    "done": ("done",),
    "failed": ("failed",),
    "cancelled": ("cancelled",),
}


def watched(notes: Notes, collection: str, id_: str, before: State | None, after: State) -> None:
    """Looks at one write."""
    look = _LOOKS.get(collection)
    if look is not None:
        look(notes, id_, before or {}, after)


def _lot(notes: Notes, id_: str, before: State, lot: State) -> None:
    parts = {name: lot[name] for name in ("listed", "reserved", "collected", "lost")}
    free = parts["listed"] - parts["reserved"] - parts["collected"] - parts["lost"]
    whole = all(type(each) is int for each in parts.values())
    notes.expect(whole and min(free, *parts.values()) >= 0, "1_stock_balances", f"Lot {id_}: {parts}, free {free}.")
    open_ = sum(each["count"] * each["size"] for each in lot["reservations"] if _holds(each))
    notes.expect(open_ == parts["reserved"], "1_stock_balances", f"Lot {id_}: {parts}, but {open_} is held for orders.")
    gone_back = before.get("status") == "withdrawn" and lot["status"] != "withdrawn"
    notes.expect(not gone_back, "2_nothing_goes_back", f"Lot {id_} was withdrawn and is {lot['status']}.")
    notes.count("state of lot", lot["status"])


def _holds(reservation: State) -> bool:
    settled = reservation["refused"] or reservation["released"] or "collect" in reservation["outcomes"]
    return not settled


def _order(notes: Notes, id_: str, before: State, order: State) -> None:
    was, now = before.get("status", "placed"), order["status"]
    if was in FINAL_ORDER:
        notes.expect(was == now, "2_nothing_goes_back", f"Order {id_} had ended as {was} and is {now}.")
    elif now not in FINAL_ORDER:
        notes.expect(_RANK[now] >= _RANK[was], "2_nothing_goes_back", f"Order {id_} went from {was} back to {now}.")
    kept = [(line["id"], line["attempts"][0]["source"], line["attempts"][0]["asked"]) for line in order["lines"]]
    asked = [
        (line["id"], line["attempts"][0]["source"], line["attempts"][0]["asked"])
        for line in before.get("lines", order["lines"])
    ]
    notes.expect(kept == asked, "2_nothing_goes_back", f"What was asked in order {id_} became something else.")
    notes.count("state of order", now)


def _job(notes: Notes, id_: str, before: State, job: State) -> None:
    was, now = before.get("status", ""), job["status"]
    notes.expect(now in _NEXT[was], "2_nothing_goes_back", f"Job {id_} went from {was or 'nothing'} to {now}.")
    holders = before.get("holder_id"), job["holder_id"]
    notes.expect(
        None in holders or holders[0] == holders[1],
        "3_one_holder",
        f"Job {id_} went from one holder to another: {holders[0]}, {holders[1]}.",
    )
    notes.count("state of job", f"{job['kind']} {now}")


_LOOKS: dict[str, Callable[[Notes, str, State, State], None]] = {"lots": _lot, "orders": _order, "jobs": _job}
