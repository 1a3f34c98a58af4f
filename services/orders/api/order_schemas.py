"""Bodies of the orders API."""

from typing import Any

from marshmallow import Schema, ValidationError, post_load, validate
from marshmallow.fields import Boolean, Integer, List, Nested, String

from services.orders.domain.condition import LINE_STATES
from services.orders.domain.job import JOB_STATES
from services.orders.domain.order import FINAL, STATUSES
from services.orders.domain.placing import MOST_LINES, MOST_PACKS, AskedLine
from shared.http.fields import (
    Flag,
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
from shared.values import JOB_KINDS, WISHES

_ID_LENGTH = 64


class AskedLineSchema(Schema):
    """A line to order."""

    lot_id = Text(_ID_LENGTH, required=True)
    pack_id = Text(_ID_LENGTH, required=True)
    count = Whole(1, MOST_PACKS, required=True, metadata={"description": "Packs"})
    wish = String(
        load_default="exact",
        validate=validate.OneOf(WISHES),
        metadata={"description": "On a shortage: nothing, the packs that are there, or another lot that is alike"},
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> AskedLine:
        """The value object."""
        return AskedLine(**data)


class NewOrderSchema(Schema):
    """An order to place."""

    place_id = Text(_ID_LENGTH, required=True, metadata={"description": "One of your delivery places"})
    window = Nested(WindowSchema, required=True, metadata={"description": "When to deliver: at most 24 hours long"})
    packed = Flag(load_default=False)
    note = Text(1_000, empty=True, load_default="")
    lines = Several(Nested(AskedLineSchema), required=True, validate=validate.Length(1, MOST_LINES))


class ShortageSchema(Schema):
    """What is missing of a delivered line."""

    missing = Whole(1, MOST_PACKS, required=True, metadata={"description": "Packs"})
    note = Text(1_000, empty=True, load_default="")


class OrdersArgs(PageArgs):
    """Which orders."""

    status = String(validate=validate.OneOf(STATUSES), load_default=None)
    waiting = Boolean(load_default=None, metadata={"description": "true: those that have not ended; false: the others"})

    @post_load
    def check(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """One way of choosing at a time."""
        if data["status"] is not None and data["waiting"] is not None:
            raise ValidationError("Give `status` or `waiting`, not both.", "waiting")
        return data


class WaitSchema(Schema):
    """What an order waits for."""

    whom = String(metadata={"description": "producers, planning, enterprise, work, operator or cancelling"})
    what = String()
    since = Instant()


class OrderPlaceSchema(Schema):
    """Where an order goes."""

    id = String()
    name = String()
    place = Nested(PlaceSchema)


class BriefOrderSchema(Schema):
    """An order in a list. `waits_for` is null once it has ended."""

    id = String()
    status = String(validate=validate.OneOf(STATUSES), metadata={"description": f"Final: {', '.join(FINAL)}"})
    placed_at = Instant()
    ended_at = Instant(allow_none=True)
    buyer_id = String()
    buyer_name = String()
    place = Nested(OrderPlaceSchema)
    window = Nested(WindowSchema)
    line_count = Integer()
    gross_cents = Integer()
    waits_for = Nested(WaitSchema, allow_none=True)
    version = Integer()


class InsteadOfSchema(Schema):
    """What a substitute stands in for."""

    lot_id = String()
    name = String()


class LineSchema(Schema):
    """A line; counts are packs, null while they are not known. `estimated`: by weight, and not weighed yet."""

    id = String()
    lot_id = String()
    lot_code = String()
    best_before = String(allow_none=True)
    producer_id = String()
    producer_name = String()
    product = Nested(ProductSchema)
    pack = Nested(PackSchema)
    wish = String(validate=validate.OneOf(WISHES))
    instead_of = Nested(InsteadOfSchema, allow_none=True)
    asked = Integer()
    confirmed = Integer(allow_none=True)
    collected = Integer(allow_none=True)
    delivered = Integer(allow_none=True)
    state = String(validate=validate.OneOf(LINE_STATES))
    explanation = String()
    grams = Integer(allow_none=True)
    billed = Integer()
    amount_cents = Integer()
    estimated = Boolean()
    missing = Integer()
    missing_note = String()


class OrderJobSchema(Schema):
    """Work on an order, and who does it; `enterprise` is null while nobody took it up."""

    id = String()
    kind = String(validate=validate.OneOf(JOB_KINDS))
    state = String(validate=validate.OneOf(JOB_STATES))
    enterprise = String(allow_none=True)
    since = Instant()
    line_ids = List(String())


class VatSchema(Schema):
    """VAT of one rate."""

    percent = Integer()
    cents = Integer()


class TotalsSchema(Schema):
    """What an order costs; prices are without VAT, which is rounded once per rate."""

    net_cents = Integer()
    vat = List(Nested(VatSchema))
    gross_cents = Integer()
    estimated = Boolean()


class EntrySchema(Schema):
    """Something that happened."""

    at = Instant()
    text = String()


class OrderSchema(BriefOrderSchema):
    """An order in full."""

    packed = Boolean()
    note = String()
    answer_by = Instant()
    confirmed_at = Instant(allow_none=True)
    receipt_at = Instant(allow_none=True)
    lines = List(Nested(LineSchema))
    jobs = List(Nested(OrderJobSchema))
    totals = Nested(TotalsSchema)
    timeline = List(Nested(EntrySchema))
