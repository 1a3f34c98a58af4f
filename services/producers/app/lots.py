"""Use cases of lots. `owner` is the producer who asks, None where the operator does."""

from collections.abc import Callable
from dataclasses import dataclass

from services.producers.app.kinds import LOT, PRODUCER
from services.producers.app.products import own_product, refresh
from services.producers.app.reach import own
from services.producers.domain.listing import LotChange, LotDraft, change, list_lot, withdraw
from services.producers.domain.lot import Decided, Lot
from services.producers.domain.pack import PackDraft
from services.producers.domain.weighing import weigh
from shared import clock
from shared.accounts.domain import Account
from shared.errors import NotFoundError
from shared.store.aggregate import Ledger, Saved
from shared.values import Place, Window


@dataclass(frozen=True, kw_only=True)
class NewLot:
    """What a producer says of a lot. Without a code it gets one; without a place it is fetched at the producer's."""

    id: str
    fingerprint: str
    product_id: str
    stock: int
    packs: tuple[PackDraft, ...]
    collect: Window
    lot_code: str | None = None
    harvested_on: str | None = None
    best_before: str | None = None
    place: Place | None = None


def create_lot(ledger: Ledger, new: NewLot, owner: str, now: str) -> Saved[Lot]:
    """A lot on offer, or the one that this id has already.

    The product is read once more at the end: a change of it that did not see the new lot is seen here.
    """
    product = own_product(ledger, new.product_id, owner)
    producer = _producer(ledger, owner)
    draft = LotDraft(
        id=new.id,
        own=product.state,
        own_version=product.version,
        producer_name=producer.name,
        lot_code=new.lot_code or f"{clock.brussels_day(now).replace('-', '')}-{new.id[:6].upper()}",
        harvested_on=new.harvested_on,
        best_before=new.best_before,
        stock=new.stock,
        packs=new.packs,
        place=new.place or producer.place,
        collect=new.collect,
        fingerprint=new.fingerprint,
    )
    ledger.decide(LOT, new.id, lambda existing: list_lot(existing, draft, now))
    return refresh(ledger, new.id, own_product(ledger, new.product_id, owner), now)


def own_lot(ledger: Ledger, id_: str, owner: str | None) -> Saved[Lot]:
    """A lot of one's own. Raises NotFoundError."""
    return own(ledger.load(LOT, id_), owner, "lot")


def change_lot(ledger: Ledger, found: Saved[Lot], wanted: LotChange, if_version: int | None, now: str) -> Saved[Lot]:
    """The lot with what is wanted, all of it or nothing."""
    return _decide(ledger, found, lambda lot: change(lot, wanted, now), if_version)


def withdraw_lot(ledger: Ledger, found: Saved[Lot], if_version: int | None) -> Saved[Lot]:
    """The lot no longer on offer."""
    return _decide(ledger, found, withdraw, if_version)


def weigh_reservation(ledger: Ledger, found: Saved[Lot], reservation_id: str, grams: int, now: str) -> Saved[Lot]:
    """The farmer's word on what a reservation weighs."""
    return _decide(ledger, found, lambda lot: weigh(lot, reservation_id, grams, now), None)


def _decide(
    ledger: Ledger, found: Saved[Lot], decision: Callable[[Lot], Decided], if_version: int | None
) -> Saved[Lot]:
    return ledger.decide(LOT, found.id, lambda lot: decision(lot or found.state), if_version=if_version)


def _producer(ledger: Ledger, owner: str) -> Account:
    saved = ledger.load(PRODUCER, owner)
    if saved is None:
        raise NotFoundError("no_such_party", "This producer is not registered here.")
    return saved.state
