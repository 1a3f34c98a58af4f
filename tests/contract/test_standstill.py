"""What a backup copies while workers stand still and web servers go on is a hub: restored, it goes on where it was.

In memory, copied as `deploy.hub.backup` copies: how far readers are, then documents in its order, then what lies on the
bus. Between any two documents people may do something.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from deploy.hub.backup import in_order
from deploy.hub.demo import checks
from deploy.hub.demo.checks import Check
from deploy.hub.demo.gather import gather
from shared import clock
from tests.chain import SERVICES, Chain, Party, ok
from tests.setups import buyer, enterprise, list_lot, order_body, producer

Act = Callable[[], None]


@dataclass
class Market:
    """A hub with its people. What they do is not handled before the workers turn."""

    chain: Chain
    farm: Party
    shop: Party
    van: Party
    lots: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)

    def play(self, action: str, number: int) -> None:
        """One action, which may be refused."""
        lot, order = (
            self.lots[number % len(self.lots)],
            self.orders[number % len(self.orders)] if self.orders else "none",
        )
        if action == "order":
            placed = self.shop.post("/v1/orders", order_body((lot, 1 + number % 3), (self.lots[0], 1)))
            self.orders += [placed.json["id"]] if placed.status_code == 201 else []
        elif action == "turn":
            list(self.chain.workers.values())[number % 3].turn()
        elif action == "cancel":
            self.shop.post(f"/v1/orders/{order}/cancel")
        elif action == "withdraw":
            self.farm.post(f"/v1/lots/{lot}/withdraw")
        else:
            kind = f"collect.{self.farm.id}" if number % 2 else "deliver"
            body = {"by": "An"} if action == "done" else None
            self.van.post(f"/v1/jobs/{order}.{kind}/{action}", body)


def market() -> Market:
    chain = Chain()
    found = Market(chain=chain, farm=producer(chain), shop=buyer(chain), van=enterprise(chain))
    found.lots += [list_lot(found.farm, stock=6_000) for _ in range(3)]
    return found


def copied(chain: Chain, meanwhile: Iterator[Act]) -> dict[str, Any]:
    """A copy of all of it; between any two documents the next act takes place."""
    committed = dict(chain.broker.committed)
    documents: dict[str, dict[str, dict[str, Any]]] = {}
    outboxes: dict[str, dict[str, dict[str, Any]]] = {}
    for name, service in SERVICES.items():
        store = chain.stores[name]
        for collection in in_order(service, list(store._documents)):
            for id_ in list(store._documents[collection]):
                documents.setdefault(name, {}).setdefault(collection, {})[id_] = store._documents[collection][id_]
                waiting = list(store._outboxes.get(collection, {}).get(id_, ()))
                outboxes.setdefault(name, {}).setdefault(collection, {})[id_] = waiting
                next(meanwhile, lambda: None)()
    logs = {place: list(log) for place, log in chain.broker.logs.items()}
    return {"committed": committed, "documents": documents, "outboxes": outboxes, "logs": logs}


def restored(copy: dict[str, Any], now: str) -> Chain:
    chain = Chain(now=now)
    for name, store in chain.stores.items():
        store._documents = copy["documents"].get(name, {})
        store._outboxes = copy["outboxes"].get(name, {})
    chain.broker.logs.update(copy["logs"])
    chain.broker.committed.update(copy["committed"])
    for members in chain.broker._members.values():
        for member in members:
            member.assign(list(member._positions))
    return chain


class Asking:
    """What `gather` asks the hub, asked of the apps in memory as their operator."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain

    def get(self, path: str, **query: Any) -> Any:
        _, service, rest = path.split("/", 2)
        return ok(self._chain.operators[service].get(f"/{rest}", **query))

    def all(self, path: str) -> Iterator[Any]:
        yield from self.get(path, limit=200)["items"]


def wrong(chain: Chain, acknowledged: Sequence[str]) -> list[str]:
    """Every breach of what must hold."""
    facts = gather(Asking(chain))  # type: ignore[arg-type]
    found: list[Check] = [
        checks.lots_add_up(facts.lots),
        checks.orders_are_known(acknowledged, {order.id: order for order in facts.orders}),
        checks.orders_are_explained(facts.orders),
        checks.goods_add_up(facts.lots, facts.jobs),
        checks.reservations_add_up(facts.lots, facts.orders),
        checks.arrivals_add_up(facts.orders, facts.jobs),
    ]
    unanswered = [f"Order {order.id} is not answered." for order in facts.orders if order.status == "placed"]
    return [text for each in found for text in each.wrong] + unanswered + [str(each) for each in chain.dead()]


_WEB = ("order", "order", "cancel", "withdraw", "claim", "start", "done")
_ACTIONS = st.tuples(st.sampled_from((*_WEB, "turn", "turn", "turn")), st.integers(0, 30))
_MEANWHILE = st.tuples(st.sampled_from(_WEB), st.integers(0, 30))


@settings(max_examples=15, deadline=None, phases=[Phase.generate])
@given(
    before=st.lists(_ACTIONS, min_size=5, max_size=40),
    meanwhile=st.lists(_MEANWHILE, max_size=20),
    hours=st.sampled_from([0, 0, 2, 100]),
)
def test_whatever_happens_before_and_meanwhile_a_restored_hub_keeps_every_promise(
    before: list[tuple[str, int]], meanwhile: list[tuple[str, int]], hours: int
) -> None:
    people = market()
    for action, number in before:
        people.play(action, number)
    acknowledged = list(people.orders)
    acts = (lambda each=each: people.play(*each) for each in meanwhile)

    chain = restored(copied(people.chain, acts), clock.plus(people.chain.now, seconds=hours * 3_600))
    chain.settle()

    assert wrong(chain, acknowledged) == []
    people.chain.settle()
    assert wrong(people.chain, people.orders) == []


@pytest.mark.parametrize("hours", [2, 24 * 40])
def test_a_hub_that_is_restored_long_after_answers_what_was_asked(hours: int) -> None:
    people = market()
    for number in range(4):
        people.play("order", number)
        people.chain.workers["orders"].turn()
    people.chain.workers["producers"].turn()

    chain = restored(copied(people.chain, iter(())), people.chain.now)
    chain.pass_time(seconds=hours * 3_600)

    assert wrong(chain, people.orders) == []


def test_a_copy_of_a_hub_whose_workers_go_on_is_no_hub() -> None:
    """So the standstill is needed, and this file would find it missing: here an order has what its lot never gave."""
    people = market()
    people.play("order", 1)
    producers = sum(len(documents) for documents in people.chain.stores["producers"]._documents.values())
    acts = [*[lambda: None] * (producers - 1), people.chain.settle]

    chain = restored(copied(people.chain, iter(acts)), clock.plus(people.chain.now, seconds=2 * 3_600))
    chain.settle()

    assert any("reserved, its orders" in text for text in wrong(chain, people.orders))
