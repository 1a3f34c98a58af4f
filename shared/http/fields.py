"""Fields and schemas that every API shares: bounded text, strict numbers, times with an offset, value objects."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, post_load, validate
from marshmallow.fields import Boolean, Float, Integer, List, Nested, String

from shared import clock, kbo
from shared.errors import InvalidError
from shared.values import ALLERGENS, PRODUCT_KINDS, STORAGE_CLASSES, UNITS, VAT_PERCENTS, Place, Storage, Window

MAX_QUANTITY = 1_000_000_000  # base units: a thousand tonnes
MAX_CENTS = 10_000_000

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# The same for readers of the OpenAPI document; that text is not blank, besides.
_NOT = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069"
_PRINTABLE = f"^[^{_NOT}]*$"
_VISIBLE = f"^[^{_NOT}]*[^{_NOT}\\s][^{_NOT}]*$"
_KBO = r"^(BE ?)?[01][0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _described(options: dict[str, Any], **words: str) -> dict[str, Any]:
    """A field's options, with what OpenAPI is to say of every field of its kind."""
    return {**options, "metadata": {**words, **options.get("metadata", {})}}


def printable(text: str) -> None:
    """Refuses what could steer a terminal or turn a line around, where somebody reads it."""
    if _UNPRINTABLE.search(text):
        raise ValidationError("Contains characters that cannot be printed.")


class Text(String):
    """Text of 1 to `longest` characters (0 where `empty`), without control characters, trimmed."""

    def __init__(self, longest: int, *, empty: bool = False, **kwargs: Any) -> None:  # noqa: ANN401  # marshmallow's own options
        limits = validate.Length(min=0 if empty else 1, max=longest)
        super().__init__(validate=limits, **_described(kwargs, pattern=_PRINTABLE if empty else _VISIBLE))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ANN401  # marshmallow's own signature
        text: str = super()._deserialize(value, attr, data, **kwargs)
        printable(text)
        return text.strip()


class Whole(Integer):
    """A whole number within bounds; `12.5`, `"12"` and `true` are refused."""

    def __init__(self, least: int, most: int, **kwargs: Any) -> None:  # noqa: ANN401  # marshmallow's own options
        super().__init__(strict=True, validate=validate.Range(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # marshmallow's own signature
        if isinstance(value, str | bool):
            raise ValidationError("Not a whole number: write it as a JSON number, in base units or cents.")
        return super()._deserialize(value, attr, data, **kwargs)


class Flag(Boolean):
    """`true` or `false` as JSON has them; not 1, not "yes"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # marshmallow's own signature
        if not isinstance(value, bool):
            raise ValidationError("Not true or false.")
        return super()._deserialize(value, attr, data, **kwargs)


class Degrees(Float):
    """A position in degrees, within bounds, written as a number."""

    def __init__(self, least: float, most: float, **kwargs: Any) -> None:  # noqa: ANN401  # marshmallow's own options
        super().__init__(allow_nan=False, validate=validate.Range(least, most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # as above
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValidationError("Not a number of degrees, such as 50.88.")
        return super()._deserialize(value, attr, data, **kwargs)


class Instant(String):
    """A time: in with any offset, kept as a UTC instant, out as Europe/Brussels reads it."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  # marshmallow's own options
        super().__init__(**_described(kwargs, format="date-time"))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ANN401  # marshmallow's own signature
        return _or_invalid(clock.parse, super()._deserialize(value, attr, data, **kwargs))

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ANN401, ARG002  # as above
        return None if value is None else clock.to_brussels(value)


class Day(String):
    """A calendar day, `YYYY-MM-DD`."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  # marshmallow's own options
        super().__init__(**_described(kwargs, format="date"))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ANN401  # marshmallow's own signature
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text).isoformat()
        except ValueError:
            pass
        raise ValidationError("Not a date: write 2030-01-31.")


class KboNumber(String):
    """A Belgian enterprise number; kept as ten bare digits."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  # marshmallow's own options
        super().__init__(**_described(kwargs, format="kbo", pattern=_KBO))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ANN401  # marshmallow's own signature
        return _or_invalid(kbo.clean, super()._deserialize(value, attr, data, **kwargs))


def _or_invalid(convert: Any, text: str) -> str:  # noqa: ANN401  # any text conversion
    try:
        converted: str = convert(text)
    except InvalidError as error:
        raise ValidationError(error.detail) from None
    return converted


class Several(List[Any]):
    """A list whose length is looked at before what is in it: a body has room for tens of thousands of things."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:  # noqa: ANN401  # marshmallow's own signature
        if isinstance(value, list):
            self._validate(value)
        return super()._deserialize(value, attr, data, **kwargs)


class WholeSchema(Schema):
    """A value that is given whole or not at all, also where the body around it may be partial."""

    def load(self, data: Any, *, partial: Any = None, **options: Any) -> Any:  # noqa: ANN401, ARG002  # marshmallow's own signature
        """As ever, with every required member required."""
        return super().load(data, partial=False, **options)


class PlaceSchema(WholeSchema):
    """An address in or near Belgium, with its position in degrees."""

    street = Text(120, required=True)
    postcode = Text(10, required=True)
    town = Text(80, required=True)
    lat = Degrees(49.0, 52.5, required=True)
    lon = Degrees(1.5, 7.5, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Place:
        """The value object."""
        return Place(**data)


class WindowSchema(WholeSchema):
    """From `start` up to `end`."""

    start = Instant(required=True)
    end = Instant(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Window:
        """The value object; refuses an end that is not after the start."""
        if data["end"] <= data["start"]:
            raise ValidationError("The end must be after the start.", "end")
        return Window(**data)


class StorageSchema(WholeSchema):
    """How goods are kept."""

    kind = String(required=True, validate=validate.OneOf(STORAGE_CLASSES))
    max_celsius = Whole(-40, 25, load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Storage:
        """The value object; a limit belongs to chilled and frozen goods, and they need one."""
        if (data["kind"] == "ambient") != (data["max_celsius"] is None):
            raise ValidationError(
                "Chilled and frozen goods need a limit in °C, ambient goods have none.", "max_celsius"
            )
        return Storage(**data)


class ProductSchema(Schema):
    """What is sold."""

    name = Text(120, required=True)
    kind = String(required=True, validate=validate.OneOf(PRODUCT_KINDS))
    unit = String(required=True, validate=validate.OneOf(UNITS))
    vat_percent = Integer(strict=True, load_default=6, validate=validate.OneOf(VAT_PERCENTS))
    storage = Nested(StorageSchema, required=True)
    allergens = Several(
        String(validate=validate.OneOf(ALLERGENS)), load_default=list, validate=validate.Length(max=len(ALLERGENS))
    )
    organic = Flag(load_default=False)


class PackSchema(WholeSchema):
    """How a lot is sold. `grams` and `per_crate` may be left out where the unit tells them."""

    id = Text(40)
    label = Text(60, required=True)
    size = Whole(1, MAX_QUANTITY, required=True)
    price_cents = Whole(1, MAX_CENTS, required=True)
    grams = Whole(1, MAX_QUANTITY)
    per_crate = Whole(1, 10_000)
    by_weight = Flag(load_default=False)


class PageArgs(Schema):
    """Which piece of a long list."""

    cursor = Text(200, load_default=None, metadata={"description": "`next` of the page before"})
    limit = Integer(load_default=50, validate=validate.Range(1, 200))


def page_schema(item: type[Schema]) -> type[Schema]:
    """The schema of a page of such items."""
    members: Mapping[str, Any] = {
        "items": List(Nested(item), required=True),
        "next": String(required=True, allow_none=True, metadata={"description": "null at the end"}),
    }
    return type(f"{item.__name__.removesuffix('Schema')}PageSchema", (Schema,), dict(members))
