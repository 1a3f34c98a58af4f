"""The JSON Schema (draft 7) of the dataclasses that events are made of; the bounds are those that loading enforces."""

import inspect
import types
import typing
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from shared.clock import INSTANT
from shared.events.schemas import MAX_ITEMS, MAX_TEXT
from shared.values import Instant

Schema = dict[str, Any]

PREFIX = "#/components/schemas/"
_INT64 = 2**63
_SCALARS: dict[Any, Schema] = {
    str: {"type": "string", "maxLength": MAX_TEXT},
    int: {"type": "integer", "minimum": -_INT64, "maximum": _INT64 - 1},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Instant: {"type": "string", "pattern": INSTANT},
}


def schemas_of(roots: typing.Iterable[type]) -> dict[str, Schema]:
    """Name → schema of these dataclasses and all that they are made of. Two of one name are a bug."""
    found: dict[str, type] = {}
    waiting = list(roots)
    while waiting:
        cls = waiting.pop(0)
        if found.setdefault(cls.__name__, cls) is not cls:
            message = f"Two dataclasses that events are made of are called {cls.__name__}."
            raise AssertionError(message)
        waiting += [each for each in _parts(cls) if each not in found.values()]
    return {name: _schema(cls) for name, cls in found.items()}


def sentence(thing: object) -> str:
    """The docstring, on one line a paragraph."""
    paragraphs = (inspect.getdoc(thing) or "").split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs)


def _schema(cls: Any) -> Schema:  # noqa: ANN401  # a dataclass
    hints = get_type_hints(cls, include_extras=True)
    required = [each.name for each in fields(cls) if _is_required(each)]
    return {
        "type": "object",
        "description": sentence(cls),
        "required": required,
        "properties": {each.name: _property(hints[each.name], each) for each in fields(cls)},
    }


def _property(hint: Any, member: Field[Any]) -> Schema:  # noqa: ANN401  # a type as Python spells it
    schema = _of_type(hint)
    return schema if _is_required(member) else {**schema, "default": _plain(member.default)}


def _is_required(member: Field[Any]) -> bool:
    return member.default is MISSING and member.default_factory is MISSING


def _plain(default: Any) -> Any:  # noqa: ANN401  # a value of any type
    return list(default) if isinstance(default, tuple) else default


def _of_type(hint: Any) -> Schema:  # noqa: ANN401  # a type as Python spells it
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return _or_null(_of_type(_without_none(arguments)))
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "maxItems": MAX_ITEMS, "items": _of_type(arguments[0])}
    return dict(_SCALARS[hint]) if hint in _SCALARS else {"$ref": PREFIX + hint.__name__}


def _or_null(schema: Schema) -> Schema:
    if "type" in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"oneOf": [schema, {"type": "null"}]}


def _without_none(arguments: tuple[Any, ...]) -> Any:  # noqa: ANN401  # a type as Python spells it
    (inner,) = [each for each in arguments if each is not type(None)]
    return inner


def _parts(cls: Any) -> list[type]:  # noqa: ANN401  # a dataclass
    return [part for hint in get_type_hints(cls, include_extras=True).values() for part in _dataclasses(hint)]


def _dataclasses(hint: Any) -> list[type]:  # noqa: ANN401  # a type as Python spells it
    if is_dataclass(hint) and isinstance(hint, type):
        return [hint]
    return [found for each in get_args(hint) for found in _dataclasses(each)]
