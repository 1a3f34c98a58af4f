"""Promises 1 and 3: the stock of every lot is accounted for, set aside at most once and given back at most once.

What a lot must hold is worked out anew from what was told: reservations, and what each job did with their goods.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from tests.simulation.invariants.events import Told, told
from tests.simulation.world import World

_JOBS = ("collect", "pack", "deliver")


@dataclass(frozen=True, kw_only=True)
class Did:
    """What a job did with one reservation: packs that went on; the others are back, or gone."""

    moved: int
    back: bool


def accounts(hub: World) -> None:
    """Every lot's account, as its farmer sees it; nothing is set aside any more, since every order has ended."""
    for id_, lot in hub.states("producers", "lots").items():
        free = lot["listed"] - lot["reserved"] - lot["collected"] - lot["lost"]
        hub.notes.expect(free >= 0, "1_stock_balances", f"Lot {id_} has {free} free.")
        hub.notes.expect(
            lot["reserved"] == 0, "1_stock_comes_back", f"Lot {id_}: {lot['reserved']} set aside for ever."
        )


def set_aside_once(hub: World) -> None:
    """A reservation is told once, and not more is given back than was set aside."""
    reserved: dict[str, Told] = {}
    for each in told(hub, "reservations", "StockReserved"):
        twice = reserved.setdefault(each.reservation, each)
        hub.notes.expect(
            twice is each, "3_reserved_once", f"{each.reservation} was set aside twice: {twice.id}, {each.id}."
        )
    released: Counter[str] = Counter()
    for each in told(hub, "reservations", "StockReleased"):
        released[each.reservation] += each.data["quantity"]
    for id_, quantity in released.items():
        had = reserved[id_].data["quantity"] if id_ in reserved else 0
        hub.notes.expect(quantity <= had, "3_released_once", f"Of {id_} {quantity} went back, of {had} set aside.")


def as_told(hub: World) -> None:
    """What lots hold is what the events say that they hold."""
    did = _what_jobs_did(hub)
    gone = {each.data["order_id"] for each in told(hub, "orders", "OrderRefused")}
    gone |= {each.data["order_id"] for each in told(hub, "orders", "OrderCancelled") if not each.data["confirmed"]}
    held: dict[str, Counter[str]] = defaultdict(Counter)
    for each in told(hub, "reservations", "StockReserved"):
        if each.data["order_id"] not in gone:
            held[each.data["lot_id"]] += _held(each, did[each.reservation])
    for id_, lot in hub.states("producers", "lots").items():
        found = {name: lot[name] for name in ("collected", "lost")}
        expected = {name: held[id_][name] for name in found}
        hub.notes.expect(found == expected, "1_stock_as_told", f"Lot {id_} holds {found}; jobs told {expected}.")


def _held(reserved: Told, did: dict[str, Did]) -> Counter[str]:
    count = reserved.data["count"]
    size = reserved.data["quantity"] // count
    collect = did.get("collect", Did(moved=0, back=True))
    underway = taken = min(collect.moved, count)
    for job in _JOBS[1:]:
        if job in did:
            went_on = min(did[job].moved, underway)
            taken -= underway - went_on if did[job].back else 0
            underway = went_on
    lost = 0 if collect.back else count - min(collect.moved, count)
    return Counter(collected=taken * size, lost=lost * size)


def _what_jobs_did(hub: World) -> dict[str, dict[str, Did]]:
    found: dict[str, dict[str, Did]] = defaultdict(dict)
    for each in told(hub, "jobs", "JobDone", "JobFailed", "JobCancelled"):
        for reservation, did in _did(each):
            found[reservation][each.data["kind"]] = did
    return found


def _did(each: Told) -> Iterator[tuple[str, Did]]:
    data = each.data
    if data.get("again") or (each.type == "JobCancelled" and data["kind"] != "collect"):
        return
    back = data.get("short_stock", data.get("stock", "back")) == "back"
    moved = {_name(data, line): line["count"] if each.type == "JobDone" else 0 for line in data["lines"]}
    short = {_name(data, line): 0 for line in data.get("short", ())}
    for reservation, count in {**short, **moved}.items():
        yield reservation, Did(moved=count, back=back)


def _name(data: dict[str, str], line: dict[str, str]) -> str:
    return f"{data['order_id']}.{line['line_id']}.{line['attempt']}"
