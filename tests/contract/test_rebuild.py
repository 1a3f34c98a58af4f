"""A read copy that was thrown away, in whole or in part, is what it was once it is rebuilt; also while a hub works."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.hub.rebuild import Rebuild, Rebuilt, Side
from shared.store.aggregate import Ledger
from shared.store.memory import MemoryStore
from shared.store.port import Document, Write
from tests.chain import SERVICES, Chain, Party, ok
from tests.setups import CARROTS, KILO, buyer, list_lot, order_body, producer

OFFERS = "offers"


def rebuild(chain: Chain) -> Rebuilt:
    sides = {
        name: Side(service=service, ledger=Ledger(chain.stores[name], name, chain.read))
        for name, service in SERVICES.items()
    }
    (copy,) = SERVICES["orders"].copies
    return Rebuild(copy, sides["orders"], sides["producers"], chain.hub).run()


def offers(chain: Chain) -> dict[str, object]:
    return {document.id: document.state for document in chain.stores["orders"].find(OFFERS, {})}


def throw_away(chain: Chain, lots: Iterable[str]) -> None:
    versions = {document.id: document.version for document in chain.stores["orders"].get(OFFERS, lots).values()}
    assert chain.stores["orders"].remove(OFFERS, versions) == len(versions)


def spoil(chain: Chain, lot: str, **changes: object) -> None:
    found = chain.stores["orders"].get(OFFERS, [lot])[lot]
    chain.stores["orders"].write(
        OFFERS, [Write(id=lot, version=found.version + 1, state=found.state | changes, inbox=found.inbox)]
    )


def withdraw(farm: Party, lot: str) -> None:
    ok(farm.post(f"/v1/lots/{lot}/withdraw"))


def reprice(farm: Party, lot: str, cents: int) -> None:
    ok(farm.patch(f"/v1/lots/{lot}", {"packs": [{**KILO, "price_cents": cents}]}))


def test_a_copy_that_was_thrown_away_is_what_it_was() -> None:
    chain = Chain()
    farm, shop = producer(chain), buyer(chain)
    bought, withdrawn, gone = list_lot(farm), list_lot(farm), list_lot(farm, stock=1_000)
    for lot in (bought, bought, withdrawn, gone):
        ok(shop.post("/v1/orders", order_body((lot, 1))))
    withdraw(farm, withdrawn)
    chain.settle()
    before = offers(chain)
    throw_away(chain, before)
    assert offers(chain) == {}

    done = rebuild(chain)

    assert offers(chain) == before
    assert done == Rebuilt(added=3)


def test_rebuilding_what_is_right_changes_nothing() -> None:
    chain = Chain()
    farm = producer(chain)
    withdraw(farm, list_lot(farm))
    list_lot(farm)
    chain.settle()
    before = chain.snapshot()

    done = rebuild(chain)

    assert done == Rebuilt(right=2)
    assert chain.snapshot() == before


def test_what_is_wrong_is_mended_and_what_is_a_copy_of_nothing_goes() -> None:
    chain = Chain()
    farm = producer(chain)
    lots = [list_lot(farm) for _ in range(3)]
    before = offers(chain)
    spoil(chain, lots[0], on_offer=False, words=[])
    spoil(chain, lots[1], withdrawn_at_revision=99)
    chain.stores["orders"].write(OFFERS, [Write(id="nobody's", version=1, state=dict(before[lots[2]]))])

    done = rebuild(chain)

    assert offers(chain) == before
    assert done == Rebuilt(right=1, mended=2, removed=1)


def test_a_rebuilt_copy_still_follows_its_owner() -> None:
    chain = Chain()
    farm = producer(chain)
    lot = list_lot(farm)
    throw_away(chain, [lot])
    rebuild(chain)

    reprice(farm, lot, 199)
    chain.settle()

    assert offers(chain)[lot]["lot"]["packs"][0]["price_cents"] == 199
    assert rebuild(chain) == Rebuilt(right=1)


class Interrupted(MemoryStore):
    """A store in which something happens just after somebody read the offers, once."""

    then: Callable[[], None] | None = None

    def get(self, collection: str, ids: Iterable[str]) -> dict[str, Document]:
        found = super().get(collection, ids)
        if collection == OFFERS and self.then is not None:
            act, self.then = self.then, None
            act()
        return found


@pytest.mark.parametrize("thrown_away", [True, False])
def test_news_that_comes_while_a_document_is_rebuilt_is_not_undone(*, thrown_away: bool) -> None:
    store = Interrupted()
    chain = Chain(stores={"orders": store})
    farm = producer(chain)
    lot = list_lot(farm)
    if thrown_away:
        throw_away(chain, [lot])
    else:
        spoil(chain, lot, words=[])

    def news() -> None:
        reprice(farm, lot, 250)
        chain.settle()

    store.then = news

    rebuild(chain)

    assert offers(chain)[lot]["lot"]["packs"][0]["price_cents"] == 250
    assert rebuild(chain) == Rebuilt(right=1)


def test_the_catalogue_is_never_seen_without_what_is_on_offer() -> None:
    store = Interrupted()
    chain = Chain(stores={"orders": store})
    farm, shop = producer(chain), buyer(chain)
    lots = {list_lot(farm) for _ in range(4)}
    for lot in lots:
        spoil(chain, lot, unit_price=1)
    seen: list[set[str]] = []
    store.then = lambda: seen.append({each["lot_id"] for each in ok(shop.get("/v1/offers"))["items"]})

    rebuild(chain)

    assert seen == [lots]


_ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["list", "reprice", "restock", "withdraw", "order", "cancel", "settle"]), st.integers(0, 9)
    ),
    max_size=25,
)


@settings(max_examples=30, deadline=None)
@given(history=_ACTIONS, lost=st.sets(st.integers(0, 9)), at_rest=st.booleans())
def test_after_any_history_it_equals_what_it_was(
    history: list[tuple[str, int]], lost: set[int], *, at_rest: bool
) -> None:
    chain = Chain()
    farm, shop = producer(chain), buyer(chain)
    product = ok(farm.post("/v1/products", CARROTS))["id"]
    lots, orders = [list_lot(farm, product_id=product)], ["no-order"]
    for action, number in history:
        play(action, number, (farm, shop), lots, orders)
    if at_rest:
        chain.settle()
    before = offers(chain)
    throw_away(chain, [lot for place, lot in enumerate(lots) if place in lost])

    rebuild(chain)

    if at_rest:
        assert offers(chain) == before
    chain.settle()
    assert rebuild(chain) == Rebuilt(right=len(lots))
    assert chain.dead() == []


def play(action: str, number: int, people: tuple[Party, Party], lots: list[str], orders: list[str]) -> None:
    """One action; it may be refused, and what it tells is not handled yet."""
    farm, shop = people
    lot, order = lots[number % len(lots)], orders[number % len(orders)]
    if action == "list":
        lots.append(list_lot(farm, stock=3_000 + 1_000 * number))
    elif action == "settle":
        farm.chain.settle()
    elif action == "order":
        placed = shop.post("/v1/orders", order_body((lot, 1 + number)))
        orders += [placed.json["id"]] if placed.status_code == 201 else []
    elif action == "cancel":
        shop.post(f"/v1/orders/{order}/cancel")
    else:
        change = {"reprice": {"packs": [{**KILO, "price_cents": 100 + number}]}, "restock": {"listed": 9_000 + number}}
        path = f"/v1/lots/{lot}"
        farm.post(f"{path}/withdraw") if action == "withdraw" else farm.patch(path, change[action])
