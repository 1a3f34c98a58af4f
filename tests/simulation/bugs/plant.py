"""How a bug is planted: by a wrapper on the wiring of the simulation, never by an edit of the product."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.wiring import Service

T = TypeVar("T")


def _as_is(what: T) -> T:
    return what


def _own_store(_hub: Any, _name: str, store: Any) -> Any:
    return store


@dataclass(frozen=True, kw_only=True)
class Bug:
    """A mistake that somebody could make: `store`, `service` and `subscription` wrap what the hub is made of.

    `breaks` are rules of which one must be found broken; `web` where the apps must be built with it, too.
    """

    name: str
    breaks: tuple[str, ...] = ()
    store: Callable[[Any, str, Any], Any] = _own_store
    service: Callable[[Service], Service] = _as_is
    subscription: Callable[[Any], Any] = _as_is
    web: bool = False


NO_BUG = Bug(name="")
