"""The aggregates of this service: their collections, and the few indexes that its queries need."""

from typing import Any

from services.orders.domain.offer import Offer
from services.orders.domain.order import Order
from shared.store.aggregate import Kind
from shared.store.port import Index

NOUN = "buyers"

OFFER = Kind(
    collection="offers",
    state=Offer,
    indexes=(Index(fields=("state.prefixes",)), Index(fields=("state.tile",))),
)
ORDER = Kind(
    collection="orders",
    state=Order,
    indexes=(
        Index(fields=("state.buyer_id", "state.page_key")),
        Index(fields=("state.status", "state.page_key")),
        Index(fields=("state.due_at",)),
    ),
)
KINDS: tuple[Kind[Any], ...] = (OFFER, ORDER)
TELLING: tuple[Kind[Any], ...] = (ORDER,)
