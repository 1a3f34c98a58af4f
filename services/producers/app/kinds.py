"""The aggregates of this service: their collections and what is searched in them."""

from typing import Any

from services.producers.domain.lot import Lot
from services.producers.domain.product import OwnProduct
from services.producers.domain.refusal import Refusal
from services.producers.domain.settlement import Settlement
from shared.accounts.api import account_kind
from shared.store.aggregate import Kind
from shared.store.port import Index

PRODUCT = Kind(
    collection="products",
    state=OwnProduct,
    indexes=(Index(fields=("state.producer_id", "state.page_key")), Index(fields=("state.page_key",))),
)
LOT = Kind(
    collection="lots",
    state=Lot,
    # Few: every one of them is paid at every write.
    indexes=(
        Index(fields=("state.producer_id", "state.page_key")),
        Index(fields=("state.reserved",)),
        Index(fields=("state.page_key",)),
    ),
)
SETTLEMENT = Kind(
    collection="settlements",
    state=Settlement,
    indexes=(
        Index(fields=("state.producer_id", "state.status", "state.page_key")),
        Index(fields=("state.status", "state.page_key")),
    ),
)
PRODUCER = account_kind("producers")
REFUSAL = Kind(collection="refusals", state=Refusal)
TELLING: tuple[Kind[Any], ...] = (LOT, REFUSAL)
KINDS: tuple[Kind[Any], ...] = (PRODUCT, SETTLEMENT, *TELLING)
