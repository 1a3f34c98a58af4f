"""A marshmallow schema for every event type, made from its dataclass so that the two cannot drift apart.

Unknown fields are skipped (a change adds), missing and wrong ones are named. Strings are bounded, integers are
strict and bounded to 64 bits, so that nothing that passes can break a document.
"""

import functools
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from marshmallow import EXCLUDE, Schema, ValidationError, post_load, validate
from marshmallow.fields import Field, Float, Integer, List, Nested, String

from shared import clock
from shared.errors import MalformedEventError
from shared.events.base import Event
from shared.events.catalogue import BY_TYPE
from shared.http.fields import Flag
from shared.values import Instant

MAX_TEXT = 2_000
MAX_ITEMS = 1_000
_INT64 = 2**63


class _Number(Float):
    """A number that is written as one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # marshmallow's own signature
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValidationError("Not a number.")
        return super()._deserialize(value, attr, data, **kwargs)


def _check_instant(text: str) -> None:
    if not clock.is_instant(text):
        raise ValidationError("Not a UTC instant such as 2030-01-01T00:00:00.000Z.")


_SCALARS: dict[Any, Callable[..., Field[Any]]] = {
    str: lambda **kw: String(validate=validate.Length(max=MAX_TEXT), **kw),
    int: lambda **kw: Integer(strict=True, validate=validate.Range(-_INT64, _INT64 - 1), **kw),
    float: lambda **kw: _Number(allow_nan=False, **kw),
    bool: Flag,
    Instant: lambda **kw: String(validate=_check_instant, **kw),
}


@functools.cache
def schema_of(cls: Any) -> type[Schema]:  # noqa: ANN401  # a dataclass; mypy takes no class with a hash of its own as a cache key
    """The schema of a frozen dataclass; loading gives an instance of it."""
    hints = get_type_hints(cls, include_extras=True)
    members: dict[str, Any] = {each.name: _field(hints[each.name], each) for each in fields(cls)}

    def build(_self: Schema, data: dict[str, Any], **_kwargs: object) -> Any:  # noqa: ANN401  # an instance of cls
        return cls(**data)

    meta = type("Meta", (), {"unknown": EXCLUDE})
    return type(f"{cls.__name__}Schema", (Schema,), {**members, "Meta": meta, "build": post_load(build)})


def _field(hint: Any, member: Any) -> Field[Any]:  # noqa: ANN401  # a type as Python spells it
    required = member.default is MISSING and member.default_factory is MISSING
    options: dict[str, Any] = {"required": True} if required else {"load_default": member.default}
    return _of_type(hint, options)


def _of_type(hint: Any, options: dict[str, Any]) -> Field[Any]:  # noqa: ANN401  # as above
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, typing.Union):
        (inner,) = [each for each in arguments if each is not type(None)]
        return _of_type(inner, {**options, "allow_none": True})
    if origin is Literal:
        return String(validate=validate.OneOf(arguments), **options)
    if origin is tuple:
        return _Tuple(_of_type(arguments[0], {}), validate=validate.Length(max=MAX_ITEMS), **options)
    if hint in _SCALARS:
        return _SCALARS[hint](**options)
    return Nested(schema_of(hint), **options)


class _Tuple(List[Any]):
    """A list that loads as a tuple: events are frozen all the way down."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # marshmallow's own signature
        return tuple(super()._deserialize(value, attr, data, **kwargs))


@functools.cache
def _loader(type_: str) -> Schema:
    cls: Any = BY_TYPE[type_]
    return schema_of(cls)()


def load_event(type_: str, data: dict[str, Any]) -> Event | None:
    """The event that `data` is, None where the type is not in the catalogue.

    Raises MalformedEventError, naming the fields, where `data` does not fit the type.
    """
    if type_ not in BY_TYPE:
        return None
    try:
        event: Event = _loader(type_).load(data)
    except (ValidationError, RecursionError, OverflowError) as error:
        message = f"{type_} does not fit: {str(error)[:1_000]}"
        raise MalformedEventError(message) from error
    return event
