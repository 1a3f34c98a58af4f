"""Queries and answers of the offers API."""

from marshmallow import Schema, validate
from marshmallow.fields import Boolean, Integer, List, Nested, String

from shared.http.fields import MAX_CENTS, Day, PackSchema, PageArgs, PlaceSchema, ProductSchema, Text, WindowSchema
from shared.values import PRODUCT_KINDS, STORAGE_CLASSES, UNITS

_FARTHEST_KM = 500


class OfferArgs(Schema):
    """From where distances are measured."""

    of_place = Text(64, load_default=None, metadata={"description": "A delivery place of yours; default: the first"})


class OffersArgs(PageArgs, OfferArgs):
    """What to search for."""

    q = Text(
        100,
        empty=True,
        load_default="",
        metadata={"description": "Words, or their beginnings, of product, kind, producer or town; all must match"},
    )
    kind = String(validate=validate.OneOf(PRODUCT_KINDS), load_default=None)
    organic = Boolean(load_default=None)
    storage = String(validate=validate.OneOf(STORAGE_CLASSES), load_default=None)
    unit = String(validate=validate.OneOf(UNITS), load_default=None)
    max_price_cents = Integer(
        validate=validate.Range(1, MAX_CENTS * 1_000),
        load_default=None,
        metadata={"description": "Per kilogram, litre or piece, without VAT, of the cheapest pack"},
    )
    within_km = Integer(
        validate=validate.Range(1, _FARTHEST_KM), load_default=None, metadata={"description": "By road"}
    )
    on = Day(load_default=None, metadata={"description": "A day on which it can be collected"})
    sold_out = Boolean(load_default=False, metadata={"description": "Show also what is sold out"})


class OfferPackSchema(PackSchema):
    """A pack, with its price per kilogram, litre or piece."""

    unit_price_cents = Integer()


class OfferSchema(Schema):
    """A lot on offer. `available` (base units) is what was last told; only the answer to an order counts."""

    lot_id = String()
    lot_code = String()
    on_offer = Boolean()
    in_stock = Boolean()
    available = Integer()
    producer_id = String()
    producer_name = String()
    product = Nested(ProductSchema)
    packs = List(Nested(OfferPackSchema))
    unit_price_cents = Integer(metadata={"description": "Of the cheapest pack, per kilogram, litre or piece"})
    harvested_on = String(allow_none=True)
    best_before = String(allow_none=True)
    place = Nested(PlaceSchema)
    collect = Nested(WindowSchema)
    distance_m = Integer(metadata={"description": "By road, from your delivery place; for the operator from the depot"})
