"""Bodies in and out of the producers API."""

from typing import Any

from marshmallow import Schema, ValidationError, post_load, validate, validates_schema
from marshmallow.fields import Boolean, Integer, List, Nested, String

from services.producers.domain.listing import LotChange
from services.producers.domain.lot import LOT_STATUSES
from services.producers.domain.pack import PACKS_MAX, PackDraft
from shared.http.fields import (
    MAX_QUANTITY,
    Day,
    Instant,
    PackSchema,
    PageArgs,
    PlaceSchema,
    ProductSchema,
    Several,
    Text,
    Whole,
    WindowSchema,
)
from shared.values import UNITS

# Named one by one: `partial=True` would let parts of a storage be missing, too.
CHANGEABLE = ("name", "kind", "vat_percent", "storage", "allergens", "organic")
RESERVATION_STATUSES = ("open", "collected", "released", "lost")


class ProducerProfileSchema(Schema):
    """What a producer says of itself besides how to reach it."""

    description = Text(2_000, empty=True, load_default="", metadata={"description": "The farm, in its own words"})
    certifications = Several(Text(80), load_default=list, validate=validate.Length(max=20))


class NewProductSchema(ProductSchema):
    """A product to make."""


class ProductChangeSchema(ProductSchema):
    """What becomes different about a product; its unit cannot."""

    class Meta:
        """The unit stays."""

        exclude = ("unit",)

    @validates_schema
    def not_empty(self, data: dict[str, Any], **_: object) -> None:
        """Refuses a change of nothing."""
        _refuse_empty(data)


class OwnProductSchema(Schema):
    """A product as it is kept."""

    id = String()
    producer_id = String()
    product = Nested(ProductSchema)
    created_at = Instant()
    version = Integer()


class DraftSchema(PackSchema):
    """A pack as it is described; what is left out is filled in."""

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PackDraft:
        """The draft."""
        return PackDraft(**data)


def _packs(**options: Any) -> Several:  # noqa: ANN401  # marshmallow's own options
    return Several(Nested(DraftSchema), validate=validate.Length(1, PACKS_MAX), **options)


class NewLotSchema(Schema):
    """A lot to list; stock is in base units of its product."""

    product_id = Text(40, required=True)
    stock = Whole(1, MAX_QUANTITY, required=True)
    packs = _packs(required=True)
    collect = Nested(WindowSchema, required=True)
    lot_code = Text(40, metadata={"description": "Left out: the hub makes one"})
    harvested_on = Day()
    best_before = Day()
    place = Nested(PlaceSchema, metadata={"description": "Left out: the producer's own address"})


class LotChangeSchema(Schema):
    """What becomes different about a lot, all of it or nothing. `listed` is the new total, in base units."""

    packs = _packs()
    listed = Whole(1, MAX_QUANTITY)
    place = Nested(PlaceSchema)
    collect = Nested(WindowSchema)
    best_before = Day()

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> LotChange:
        """The change; refuses one of nothing."""
        _refuse_empty(data)
        return LotChange(**data)


class StockAccountSchema(Schema):
    """Where a lot's base units are: listed = available + reserved + collected + withdrawn."""

    listed = Integer()
    available = Integer()
    reserved = Integer()
    collected = Integer()
    withdrawn = Integer()


class LotSchema(Schema):
    """A lot as its producer sees it."""

    id = String()
    producer_id = String()
    producer_name = String()
    product_id = String()
    product = Nested(ProductSchema)
    lot_code = String()
    harvested_on = Day(allow_none=True)
    best_before = Day(allow_none=True)
    packs = List(Nested(PackSchema))
    place = Nested(PlaceSchema)
    collect = Nested(WindowSchema)
    status = String(validate=validate.OneOf(LOT_STATUSES))
    stock = Nested(StockAccountSchema)
    created_at = Instant()
    version = Integer()


class OwnedArgs(PageArgs):
    """A producer sees its own; the operator may choose whose."""

    producer_id = Text(10, load_default=None, metadata={"description": "For the operator: whose"})


class LotsArgs(OwnedArgs):
    """Which lots."""

    status = String(validate=validate.OneOf(LOT_STATUSES), load_default=None)
    product_id = Text(40, load_default=None)


class ReservationsArgs(OwnedArgs):
    """Which reservations."""

    status = String(validate=validate.OneOf(RESERVATION_STATUSES), load_default="open")
    lot_id = Text(40, load_default=None)


class WeightSchema(Schema):
    """What all packs of a reservation weigh together, in grams."""

    grams = Whole(1, MAX_QUANTITY, required=True)


class ReservationSchema(Schema):
    """One order line's stock of one lot. `grams` is what it is expected to weigh until it is `measured`."""

    reservation_id = String()
    order_id = String()
    producer_id = String()
    lot_id = String()
    lot_code = String()
    product_name = String()
    pack_label = String()
    unit = String(validate=validate.OneOf(UNITS))
    count = Integer()
    quantity = Integer()
    crates = Integer()
    grams = Integer()
    measured = Boolean()
    by_weight = Boolean()
    status = String(validate=validate.OneOf((*RESERVATION_STATUSES, "refused")))
    collect = Nested(WindowSchema)


class TotalsSchema(Schema):
    """Sums over a pick-up's lines."""

    lines = Integer()
    packs = Integer()
    crates = Integer()
    grams = Integer()


class PickupSchema(Schema):
    """What one order has from one producer on one day; a long history may show it in two pieces."""

    order_id = String()
    producer_id = String()
    pickup_day = Day(metadata={"description": "The day in Brussels on which it is to be collected"})
    collect = Nested(WindowSchema)
    lines = List(Nested(ReservationSchema))
    totals = Nested(TotalsSchema)


def _refuse_empty(data: dict[str, Any]) -> None:
    if not data:
        raise ValidationError("Nothing to change: name at least one member.")
