"""The bodies of jobs and the board, in and out."""

from typing import Any

from marshmallow import Schema, ValidationError, post_load, validate
from marshmallow.fields import Boolean, Float, Integer, List, Nested, String

from services.logistics.domain.job import STATUSES, Counted, HandOver
from shared.http.fields import Instant, PageArgs, Several, Text, Whole
from shared.values import JOB_KINDS, STORAGE_CLASSES

_MOST_LINES = 200
_MOST_PACKS = 1_000_000
_MOST_GRAMS = 1_000_000_000


class Celsius(Float):
    """A measured temperature; `"4"` and `true` are refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # marshmallow's own signature
        if isinstance(value, str | bool):
            raise ValidationError("Not a number: write degrees Celsius as a JSON number.")
        return super()._deserialize(value, attr, data, **kwargs)


class CountedSchema(Schema):
    """So many packs of a line."""

    line_id = Text(80, required=True)
    count = Whole(0, _MOST_PACKS, required=True)
    grams = Whole(1, _MOST_GRAMS, load_default=None, allow_none=True, metadata={"description": "As measured, of all"})

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Counted:
        """The value object."""
        return Counted(**data)


class HandOverSchema(Schema):
    """Goods changed hands. What is left out: now, all packs as they are there, crates as these fill."""

    at = Instant(load_default=None, allow_none=True)
    by = Text(120, required=True, metadata={"description": "Who gave the goods (collect) or received them"})
    lines = Several(Nested(CountedSchema), load_default=list, validate=validate.Length(max=_MOST_LINES))
    crates = Whole(0, 100_000, load_default=None, allow_none=True)
    celsius = Celsius(load_default=None, allow_none=True, allow_nan=False, validate=validate.Range(-60, 60))
    note = Text(500, load_default="", empty=True)
    short_stock = String(
        load_default="gone",
        validate=validate.OneOf(("back", "gone")),
        metadata={"description": "Of packs that did not change hands: can they still be sold?"},
    )


def hand_over(body: dict[str, Any], now: str) -> HandOver:
    """The value object that a loaded body is."""
    return HandOver(**{**body, "at": body["at"] or now, "lines": tuple(body["lines"])})


class DropSchema(Schema):
    """Why the job is given back."""

    reason = Text(200, required=True)


class FailSchema(Schema):
    """Why the job failed."""

    reason = Text(40, required=True, metadata={"description": "A code of GET /v1/fail-reasons"})
    note = Text(500, load_default="", empty=True)


class StopSchema(Schema):
    """A place on the way. Of a buyer only the town is told before the job is taken up."""

    role = String(validate=validate.OneOf(("farm", "depot", "buyer")))
    name = String(allow_none=True)
    street = String(allow_none=True)
    postcode = String(allow_none=True)
    town = String()
    lat = Float(allow_none=True)
    lon = Float(allow_none=True)


class JobLineSchema(Schema):
    """Goods of a job: `count` packs are there, or are to come where not `there` yet; `asked` is what was planned."""

    line_id = String()
    product = String()
    pack = String()
    producer = String()
    asked = Integer()
    count = Integer()
    there = Boolean()
    grams = Integer(metadata={"description": "Nominal weight of one pack"})
    by_weight = Boolean()


class NeedSchema(Schema):
    """How goods must be kept."""

    kind = String(validate=validate.OneOf(STORAGE_CLASSES))
    max_celsius = Integer(allow_none=True)


class SpanSchema(Schema):
    """From `start` up to `end`."""

    start = Instant()
    end = Instant()


class HolderSchema(Schema):
    """The enterprise that holds or did a job."""

    id = String()
    name = String()


class JobSchema(Schema):
    """A job, as its list shows it. `distance_metres` is from the caller's place to the first stop, by road."""

    id = String()
    version = Integer()
    order_id = String()
    kind = String(validate=validate.OneOf(JOB_KINDS))
    status = String(validate=validate.OneOf(STATUSES))
    window = Nested(SpanSchema)
    pay_cents = Integer(metadata={"description": "Without VAT"})
    grams = Integer(metadata={"description": "Nominal weight of all as planned"})
    crates = Integer()
    storage = List(Nested(NeedSchema))
    metres = Integer(metadata={"description": "From the first stop to the last, by road"})
    distance_metres = Integer(allow_none=True)
    route = List(Nested(StopSchema))
    ready = Boolean(metadata={"description": "All its goods are there: it can start"})
    awaits = List(String(), metadata={"description": "Whose goods are not at the depot yet"})
    wide = Boolean()
    escalated = Boolean()
    holder = Nested(HolderSchema, allow_none=True)
    offered_at = Instant()


class EntrySchema(Schema):
    """One thing that happened."""

    at = Instant()
    text = String()


class CountedOutSchema(Schema):
    """What changed hands of a line."""

    line_id = String()
    count = Integer()
    grams = Integer(allow_none=True)


class HandOverOutSchema(Schema):
    """How goods changed hands."""

    at = Instant()
    by = String()
    lines = List(Nested(CountedOutSchema))
    crates = Integer()
    celsius = Float(allow_none=True)
    note = String()
    short_stock = String()


class JobDetailSchema(JobSchema):
    """A job with its goods, and for its holder and the operator with its hand-over and what happened to it."""

    lines = List(Nested(JobLineSchema))
    pack_at = Nested(StopSchema, allow_none=True, metadata={"description": "Where a pack job is done"})
    given_up_at = Instant(metadata={"description": "When an unfinished job is given up"})
    outcome = String(allow_none=True, metadata={"description": "Why it failed or was cancelled"})
    handover = Nested(HandOverOutSchema, allow_none=True)
    timeline = List(Nested(EntrySchema))


class BoardArgs(PageArgs):
    """Which part of the board."""

    kind = String(load_default=None, validate=validate.OneOf(JOB_KINDS))


class JobsArgs(PageArgs):
    """Which jobs."""

    status = String(load_default=None, validate=validate.OneOf(STATUSES))
    kind = String(load_default=None, validate=validate.OneOf(JOB_KINDS))
    order_id = Text(80, load_default=None)
    escalated = Boolean(load_default=None, truthy={"true"}, falsy={"false"})


class ReasonsArgs(Schema):
    """For which kind of job."""

    kind = String(load_default=None, validate=validate.OneOf(JOB_KINDS))


class ReasonSchema(Schema):
    """A reason why a job may fail."""

    code = String()
    sentence = String()
    kinds = List(String(validate=validate.OneOf(JOB_KINDS)))
    again = Boolean(metadata={"description": "The job is open again; else it has ended"})
    most = Integer(allow_none=True, metadata={"description": "How often it is tried again at most"})
    stock = String(validate=validate.OneOf(("back", "gone")))
