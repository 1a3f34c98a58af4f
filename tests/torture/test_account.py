"""The account can fail: each wrong that a hub might do to a ledger is found."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.torture.account import balance
from tests.torture.evidence import Evidence
from tests.torture.ledger import Entry

NAMES = {"1": "De Kruiwagen", "2": "De Wissel"}
ASKED = {"lot_id": "lot-1", "pack_id": "kilo", "count": 2}
LINE = {
    "id": "1",
    "lot_id": "lot-1",
    "pack": {"id": "kilo", "size": 1_000},
    "asked": 2,
    "confirmed": 2,
    "collected": None,
    "delivered": None,
}
Wrong = Callable[[list[Entry], Any], None]


def entry(what: str, target: str, at: float, who: str = "1", *, told: Any = None, **changes: Any) -> Entry:
    usual: dict[str, Any] = {"acknowledged": True, "doubtful": False, "tries": 1, "code": "", "said": {}}
    return Entry(what=what, who=who, target=target, began=at, ended=at + 0.5, told=told or {}, **usual | changes)


def timeline(*texts: str) -> list[dict[str, str]]:
    return [{"at": "2030-01-07T08:00:00.000Z", "text": text} for text in texts]


def ledger() -> list[Entry]:
    lines = [["lot-1", "kilo", 2]]
    return [
        entry("lot", "CODE", 0, told={"id": "lot-1"}, said={"stock": 9_000}),
        entry("listed", "lot-1", 1, said={"listed": 10_000}),
        entry("order", "key-1", 2, told={"id": "order-1", "lines": lines}, said={"lines": [ASKED]}),
        entry("order", "key-2", 3, told={"id": "order-2", "lines": lines}, said={"lines": [ASKED]}),
        entry("cancel", "order-2", 4),
        entry("claim", "job-1", 5),
        entry("drop", "job-1", 6),
        entry("claim", "job-1", 7, who="2"),
    ]


def order(number: int, status: str, *texts: str) -> dict[str, Any]:
    waits = {"whom": "work", "what": "A van.", "since": ""} if status == "confirmed" else None
    return {
        "id": f"order-{number}",
        "note": f"key-{number}",
        "buyer_name": "Het Pakhuis",
        "status": status,
        "placed_at": "2030-01-07T09:00:00+01:00",
        "confirmed_at": None,
        "ended_at": None,
        "waits_for": waits,
        "timeline": timeline("Ordered: 1 line.", *texts),
        "lines": [dict(LINE)],
    }


def hub() -> Any:
    stock = {"listed": 10_000, "available": 8_000, "reserved": 2_000, "collected": 0, "withdrawn": 0}
    product = {"name": "Wortelen", "unit": "g"}
    job = {
        "id": "job-1",
        "order_id": "order-1",
        "kind": "collect",
        "status": "claimed",
        "holder": {"id": "2", "name": NAMES["2"]},
        "pay_cents": 400,
        "outcome": None,
        "handover": None,
        "lines": [],
        "timeline": timeline("Taken up by De Kruiwagen.", "Given back by De Kruiwagen: x", "Taken up by De Wissel."),
    }
    lot = {"id": "lot-1", "lot_code": "CODE", "status": "on_offer", "stock": stock, "product": product}
    return Evidence(
        lots={"lot-1": {**lot, "producer_name": "Hoeve"}},
        orders={
            "order-1": order(1, "confirmed"),
            "order-2": order(2, "cancelled", "Cancelled by the buyer before it was confirmed."),
        },
        jobs={"job-1": job},
        stock_back=frozenset(),
    )


def breaches(wrong: Wrong = lambda _entries, _hub: None) -> list[str]:
    entries, found = ledger(), deepcopy(hub())
    wrong(entries, found)
    return [text for check in balance(entries, found, NAMES) for text in check.wrong]


def test_a_hub_that_did_as_it_said_has_no_breach() -> None:
    assert breaches() == []


def lose_an_order(_entries: list[Entry], found: Any) -> None:
    del found.orders["order-2"]


def double_an_order(_entries: list[Entry], found: Any) -> None:
    found.orders["order-3"] = {**found.orders["order-2"], "id": "order-3"}


def make_what_was_refused(entries: list[Entry], _found: Any) -> None:
    entries[3] = entry("order", "key-2", 3, acknowledged=False)


def change_a_line(_entries: list[Entry], found: Any) -> None:
    found.orders["order-1"]["lines"][0]["asked"] = 3


def forget_a_cancel(_entries: list[Entry], found: Any) -> None:
    found.orders["order-2"]["timeline"].pop()


def cancel_twice(_entries: list[Entry], found: Any) -> None:
    found.orders["order-2"]["timeline"] *= 2


def cancel_unasked(entries: list[Entry], _found: Any) -> None:
    entries.pop(4)


def lose_a_change_of_stock(_entries: list[Entry], found: Any) -> None:
    found.lots["lot-1"]["stock"] |= {"listed": 9_000, "available": 7_000}


def oversell(_entries: list[Entry], found: Any) -> None:
    found.lots["lot-1"]["stock"]["available"] = 9_000


def reserve_twice(_entries: list[Entry], found: Any) -> None:
    found.lots["lot-1"]["stock"] |= {"available": 6_000, "reserved": 4_000}


def withdraw_unasked(_entries: list[Entry], found: Any) -> None:
    found.lots["lot-1"]["status"] = "withdrawn"


def forget_a_claim(_entries: list[Entry], found: Any) -> None:
    found.jobs["job-1"] |= {"status": "open", "holder": None}


def claim_twice(_entries: list[Entry], found: Any) -> None:
    found.jobs["job-1"]["timeline"] += timeline("Taken up by De Wissel.")


def give_to_two(entries: list[Entry], _found: Any) -> None:
    entries[6] = entry("drop", "job-1", 9)


def leave_unanswered(_entries: list[Entry], found: Any) -> None:
    found.orders["order-1"] |= {"waits_for": {"whom": "producers", "what": "An answer."}}


WRONGS: list[tuple[Wrong, str]] = [
    (lose_an_order, "Orders of key key-2: 0, where the ledger has 1."),
    (double_an_order, "Orders of key key-2: 2, where the ledger has 1."),
    (make_what_was_refused, "Nobody was told of an order of key key-2."),
    (change_a_line, "Order order-1 is not what was asked by key key-1."),
    (forget_a_cancel, "Cancels of order-2: 0, where the ledger has 1."),
    (cancel_twice, "Cancels of order-2: 2, where the ledger has 1."),
    (cancel_unasked, "Order order-2 was cancelled by nobody."),
    (lose_a_change_of_stock, "Lot lot-1 lists 9000, its farm last listed [10000]."),
    (oversell, "Lot lot-1 (Wortelen): listed 10000, but available 9000"),
    (reserve_twice, "Lot lot-1 (Wortelen) counts 4000 g reserved, its orders 2000."),
    (withdraw_unasked, "Nobody withdrew lot lot-1."),
    (forget_a_claim, "Job job-1 is open after an acknowledged claim by 2."),
    (claim_twice, "Job job-1, claim by De Wissel: 2, where the ledger has 1."),
    (give_to_two, "Job job-1 was given to 2 while 1 held it."),
    (leave_unanswered, "Order order-1 still waits for producers."),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONGS, ids=[wrong.__name__ for wrong, _ in WRONGS])
def test_a_hub_that_did_otherwise_is_found_out(wrong: Wrong, sentence: str) -> None:
    assert any(text.startswith(sentence) for text in breaches(wrong))


def test_a_lost_request_may_have_had_effect_or_not_but_not_twice() -> None:
    def lost(entries: list[Entry], found: Any) -> None:
        entries[3] = entry("order", "key-2", 3, acknowledged=False, doubtful=True)
        entries[4] = entry("cancel", "order-2", 4, acknowledged=False, doubtful=True)
        found.orders.pop("order-2")

    def twice(entries: list[Entry], found: Any) -> None:
        entries[3] = entry("order", "key-2", 3, acknowledged=False, doubtful=True)
        double_an_order(entries, found)

    assert breaches(lost) == []
    assert "Orders of key key-2: 2, where the ledger has 0 to 1." in breaches(twice)
