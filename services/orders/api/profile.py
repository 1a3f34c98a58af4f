"""What a buyer says of itself besides how to reach it: what it is, and where it wants its goods."""

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, ValidationError, post_load, validate, validates_schema
from marshmallow.fields import Float, Nested, String

from shared.http.fields import Several, Text, WholeSchema

BUYER_KINDS = ("shop", "restaurant", "kitchen")
MOST_PLACES = 20
OWN_PLACE_ID = "main"

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_OPENINGS = 21
_ID = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$"
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_TIME_FAULT = "Not a time of day: write 08:30."


def _exactly(pattern: str, error: str) -> list[validate.Validator]:
    """Text of this pattern: to Python its end is also before a last line break, to readers of OpenAPI it is not."""
    return [validate.Regexp(pattern, error=error), validate.ContainsNoneOf("\n", error=error)]


class OpeningSchema(WholeSchema):
    """When goods can be received, in local time."""

    day = String(required=True, validate=validate.OneOf(_DAYS))
    start = String(required=True, validate=_exactly(_TIME, _TIME_FAULT))
    end = String(required=True, validate=_exactly(_TIME, _TIME_FAULT))

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        """The end is later on the same day."""
        if data["end"] <= data["start"]:
            raise ValidationError("The end must be after the start.", "end")


class DeliveryPlaceSchema(WholeSchema):
    """A place where a buyer wants its goods."""

    id = String(
        required=True,
        validate=_exactly(_ID, "1 to 40 letters, digits, hyphens or underscores."),
        metadata={"description": "Yours to choose; orders name it"},
    )
    name = Text(120, required=True)
    street = Text(120, required=True)
    postcode = Text(10, required=True)
    town = Text(80, required=True)
    lat = Float(required=True, allow_nan=False, validate=validate.Range(49.0, 52.5))
    lon = Float(required=True, allow_nan=False, validate=validate.Range(1.5, 7.5))
    opening = Several(Nested(OpeningSchema), load_default=list, validate=validate.Length(max=_MOST_OPENINGS))


class BuyerProfileSchema(Schema):
    """A buyer's profile. Who names no delivery place is delivered to at its own address."""

    kind = String(load_default="shop", validate=validate.OneOf(BUYER_KINDS))
    delivery_places = Several(
        Nested(DeliveryPlaceSchema),
        validate=validate.Length(min=1, max=MOST_PLACES),
        metadata={"description": f"1 to {MOST_PLACES}; left out: your own address, with the id `{OWN_PLACE_ID}`"},
    )

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        """Places are told apart by their ids."""
        ids = [place["id"] for place in data.get("delivery_places", ())]
        if len(set(ids)) < len(ids):
            raise ValidationError("Two delivery places have the same id.", "delivery_places")

    @post_load
    def complete(self, data: dict[str, Any], *, partial: Any = None, **_: object) -> dict[str, Any]:  # noqa: ANN401  # marshmallow's own signature
        """Where a registration names no place, the buyer's own address is one."""
        if not partial and "delivery_places" not in data and "place" in data:
            own = {"id": OWN_PLACE_ID, "name": data["name"], **asdict(data["place"]), "opening": []}
            return {**data, "delivery_places": [own]}
        return data
