"""Is the hub still whole? Every document can be read, every account balances, nothing is a dead letter."""

from collections.abc import Iterator

import msgspec

from services.producers.app.kinds import LOT
from services.producers.domain.lot import Lot, account
from shared.accounts.api import account_kind
from shared.store.port import Store
from shared.wiring import Service
from tests.chain import SERVICES, Chain


def faults(chain: Chain) -> list[str]:
    """What is wrong with the hub, once all that was told has been heard."""
    chain.settle()
    dead = [dict(each.headers)["reason"] for each in chain.dead()]
    return [*dead, *unsound(chain)]


def unsound(chain: Chain) -> list[str]:
    """What is wrong with its documents."""
    return [fault for name, service in SERVICES.items() for fault in _of_service(service, chain.stores[name])]


def _of_service(service: Service, store: Store) -> Iterator[str]:
    for kind in (*service.kinds, account_kind(service.parties.noun)):
        for document in store.find(kind.collection, {}):
            try:
                state = msgspec.convert(document.state, kind.state)
            except (msgspec.ValidationError, ArithmeticError, TypeError) as error:
                yield f"{kind.collection}/{document.id} cannot be read: {error}"
                continue
            if kind is LOT and not balances(state):
                yield f"{kind.collection}/{document.id} does not balance: {account(state)}"


def balances(lot: Lot) -> bool:
    """The lot's account adds up, in integers that are not negative; and it is what its reservations say."""
    stock = account(lot)
    parts = (stock.available, stock.reserved, stock.collected, stock.withdrawn)
    return stock.listed == sum(parts) and min(parts) >= 0 and all(type(each) is int for each in parts)
