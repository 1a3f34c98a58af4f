"""Strategies for whatever a type hint says: honest values as people give them, and wild ones as a stranger might.

What a member is called tells what it holds where its type does not: an instant, a day, an id of something.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from shared import clock
from shared.values import ALLERGENS, PRODUCT_KINDS, VAT_PERCENTS, Instant

Strategy = st.SearchStrategy[Any]
NOW = "2030-01-07T08:00:00.000Z"
_INT64 = 2**63
_HOURS = 24 * 60

instants = st.integers(-2 * _HOURS, 60 * _HOURS).map(lambda minutes: clock.plus(NOW, seconds=60 * minutes))
wild_instants = instants | st.sampled_from(["2000-01-01T00:00:00.000Z", "2199-12-31T23:59:59.999Z"])
days = instants.map(lambda instant: instant[:10])
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
wild_texts = texts | st.sampled_from(
    ["", "\x00", "$where", "a.b", "x" * 2_000, "../..", "é\u202e", "0", "\U0001f955", "%s{0}"]
)
wild_ints = st.sampled_from([0, 1, -1, 2, 10**9, _INT64 - 1, -_INT64]) | st.integers(-_INT64, _INT64 - 1)
wild_floats = st.floats(allow_nan=False, allow_infinity=False)

_INSTANTS = {"now", "at", "start", "end", "instant", "earlier", "later", "until", "answer_by", "keep_until", "due_at"}
_INSTANTS |= {"placed_at", "answered_at", "confirmed_at", "refused_at", "offered_at", "expires_at", "created_at"}
_INSTANTS |= {"latest_start", "latest_end", "ended_until", "settled_at", "registered_at", "revoked_at", "missing_at"}
_DAYS = {"harvested_on", "best_before", "delivery_day", "day", "last_day"}
_CHOICES: dict[str, tuple[Any, ...]] = {"vat_percent": VAT_PERCENTS, "kind": PRODUCT_KINDS}


@dataclasses.dataclass(frozen=True)
class Maker:
    """Makes strategies. `ids` are those that exist, by the name of the member; `own` replaces whole types."""

    wild: bool = False
    ids: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    own: Mapping[Any, Strategy] = dataclasses.field(default_factory=dict)

    def of(self, hint: Any, name: str = "") -> Strategy:
        """Of any type that events, states and decisions are made of. Raises TypeError where it knows none."""
        if hint in self.own:
            return self.own[hint]
        if dataclasses.is_dataclass(hint):
            return self.built(hint)
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in _GENERIC:
            return _GENERIC[origin](self, arguments, name)
        if hint in _SCALAR:
            return _SCALAR[hint](self, name)
        raise TypeError(f"There is no strategy for {hint} ('{name}').")

    def built(self, cls: Any, **fixed: Strategy) -> Strategy:
        """A dataclass of its members."""
        hints = get_type_hints(cls, include_extras=True)
        free = {each.name: self.of(hints[each.name], each.name) for each in _members(cls) if each.name not in fixed}
        return st.builds(cls, **free, **{name: each for name, each in fixed.items() if name in hints})

    def text(self, name: str) -> Strategy:
        """By what the member is called."""
        known = self.ids.get(name) or self.ids.get(name.rsplit("_", 1)[-1])
        if name in _INSTANTS:
            return wild_instants if self.wild else instants
        if name in _DAYS:
            return days
        if name in _CHOICES:
            return st.sampled_from(_CHOICES[name])
        free = wild_texts if self.wild else texts
        return st.sampled_from((*known, "new-1", "new-2")) | free if known else free

    def whole(self, name: str) -> Strategy:
        """Small and positive, as counts, sizes and prices are; or anything that 64 bits hold."""
        if name == "attempt":
            return st.sampled_from([1, 1, 1, 2]) | wild_ints
        if self.wild:
            return wild_ints
        if name in _CHOICES:
            return st.sampled_from(_CHOICES[name])
        return st.integers(1, 1_000)

    def real(self, name: str) -> Strategy:
        """Degrees in or near Belgium; or any number."""
        if self.wild:
            return wild_floats
        return st.floats(49.0, 52.5) if "lat" in name else st.floats(1.5, 7.5)


def _members(cls: Any) -> list[Any]:
    return [each for each in dataclasses.fields(cls) if each.init]


def _union(maker: Maker, arguments: Any, name: str) -> Strategy:
    given = [maker.of(each, name) for each in arguments if each is not type(None)]
    return st.one_of(*([st.none()] if type(None) in arguments else []), *given)


def _tuple(maker: Maker, arguments: Any, name: str) -> Strategy:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        unique = name == "allergens"
        inner = st.sampled_from(ALLERGENS) if unique else maker.of(arguments[0], name)
        return st.lists(inner, max_size=4, unique=unique).map(tuple)
    return st.tuples(*(maker.of(each, name) for each in arguments))


def _sequence(maker: Maker, arguments: Any, name: str) -> Strategy:
    return st.lists(maker.of(arguments[0], name), max_size=4)


def _mapping(maker: Maker, arguments: Any, name: str) -> Strategy:
    return st.dictionaries(maker.of(arguments[0], name), maker.of(arguments[1], name), max_size=3)


def _annotated(maker: Maker, arguments: Any, name: str) -> Strategy:
    if arguments[1:] == get_args(Instant)[1:]:
        return wild_instants if maker.wild else instants
    return maker.of(arguments[0], name)


_GENERIC: dict[Any, Callable[[Maker, Any, str], Strategy]] = {
    types.UnionType: _union,
    typing.Union: _union,
    Literal: lambda _maker, arguments, _name: st.sampled_from(arguments),
    typing.Annotated: _annotated,
    tuple: _tuple,
    list: _sequence,
    dict: _mapping,
    **dict.fromkeys((typing.get_origin(each) for each in (typing.Sequence[Any], typing.Iterable[Any])), _sequence),
    typing.get_origin(typing.Mapping[str, Any]): _mapping,
}
_SCALAR: dict[Any, Callable[[Maker, str], Strategy]] = {
    str: lambda maker, name: maker.text(name),
    int: lambda maker, name: maker.whole(name),
    float: lambda maker, name: maker.real(name),
    bool: lambda _maker, _name: st.booleans(),
    Any: lambda _maker, _name: st.none() | st.booleans() | st.integers() | texts,
}
