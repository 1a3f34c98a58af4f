"""Use cases of products. `owner` is the producer who asks, None where the operator does."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.producers.app.kinds import LOT, PRODUCT
from services.producers.app.reach import own
from services.producers.domain.listing import adopt
from services.producers.domain.lot import Decided, Lot
from services.producers.domain.product import OwnProduct, change, create
from shared.errors import NotFoundError
from shared.store.aggregate import Ledger, Saved

_STILL_OFFERED = {"$in": ["on_offer", "sold_out"]}


def create_product(ledger: Ledger, new: OwnProduct) -> Saved[OwnProduct]:
    """A new product, or the one that this id has already."""
    return ledger.decide(PRODUCT, new.id, lambda existing: create(existing, new))


def own_product(ledger: Ledger, id_: str, owner: str | None) -> Saved[OwnProduct]:
    """A product of one's own. Raises NotFoundError."""
    return own(ledger.load(PRODUCT, id_), owner, "product")


def change_product(
    ledger: Ledger, found: Saved[OwnProduct], changes: Mapping[str, Any], if_version: int | None, now: str
) -> Saved[OwnProduct]:
    """The product described otherwise, and every lot of it that is still offered.

    It answers when the lots have it too; where it broke off in between, the same change carries on.
    """

    def decide(existing: OwnProduct | None) -> Any:  # noqa: ANN401  # a decision on the product
        state = existing or found.state
        return change(state, replace(state.product, **changes))

    saved = ledger.decide(PRODUCT, found.id, decide, if_version=if_version)
    where = {"state.producer_id": saved.state.producer_id, "state.product_id": saved.id, "state.status": _STILL_OFFERED}
    for lot in ledger.store.find(LOT.collection, where):
        refresh(ledger, lot.id, saved, now)
    return saved


def refresh(ledger: Ledger, lot_id: str, product: Saved[OwnProduct], now: str) -> Saved[Lot]:
    """The lot with this version of its product, unless it has a later one."""

    def decide(lot: Lot | None) -> Decided:
        if lot is None:
            raise NotFoundError("no_such_lot", "There is no such lot.")
        return adopt(lot, product.state.product, product.version, now)

    return ledger.decide(LOT, lot_id, decide)
