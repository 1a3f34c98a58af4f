"""Every way in that can be thought of: each route's address filled with the victims' ids, and with what resembles them.

Made from what the services serve, so that a new route is tried without a word; a new kind of id in an address must be
given a pool (`prey.py`), or nothing runs.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from urllib.parse import quote

from shared.http.app import routes
from tests.contract.world import body_of
from tests.security.prey import IDEMPOTENCY_KEY, Prey

_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
ABSENT = {"party_id": "0403170701", "name": "none.css"}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
# What could make a server answer about somebody else's thing, or take one request for another.
HEADERS: tuple[Mapping[str, str], ...] = (
    {},
    {"If-Match": '"1"'},
    {"If-Match": '"99"'},
    {"If-Match": "*"},
    {"If-None-Match": '"1"'},
    {"If-None-Match": "*"},
    {"If-Modified-Since": "Mon, 07 Jan 2030 08:00:00 GMT"},
    {"Range": "bytes=0-9"},
    {"X-HTTP-Method-Override": "GET"},
    {"X-Original-URL": "/metrics", "X-Rewrite-URL": "/metrics"},
    {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1", "X-Real-IP": "127.0.0.1"},
    {"Idempotency-Key": IDEMPOTENCY_KEY},
)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One request. `absent` is the same about a thing that does not exist."""

    service: str
    method: str
    rule: str
    path: str
    absent: str
    body: Any = None

    @property
    def said(self) -> str:
        """What the thief itself says: to hear that again is no loss."""
        return f"{self.path} {self.body}"


def served(prey: Prey) -> list[tuple[str, str, str]]:
    """Every route: service, method, rule."""
    return [(service, method, rule) for service, app in prey.chain.apps.items() for method, rule, _ in routes(app)]


def places(rule: str) -> list[str]:
    return _PLACE.findall(rule)


def plain(prey: Prey, route: tuple[str, str, str]) -> Iterator[Attempt]:
    """The route with every one of the victims' ids."""
    service, method, rule = route
    body = body_of(prey, route)  # type: ignore[arg-type]  # the robbed hub is no World, but has its `things`
    for chosen in product(*(prey.pools[name] for name in places(rule))):
        absent = [ABSENT.get(name, f"{value[:-1]}x") for name, value in zip(places(rule), chosen, strict=True)]
        yield Attempt(
            service=service,
            method=method,
            rule=rule,
            path=filled(rule, chosen),
            absent=filled(rule, absent),
            body=body,
        )


def bent(prey: Prey, route: tuple[str, str, str]) -> Iterator[Attempt]:
    """The same, where one id at a time is written as a careless program might take for the same."""
    for attempt in plain(prey, route):
        for name in places(attempt.rule):
            for value in prey.pools[name]:
                for other in resembling(value, prey):
                    path = attempt.path.replace(quote(value), other, 1)
                    if path != attempt.path:
                        yield replace(attempt, path=path)


def resembling(value: str, prey: Prey) -> Iterator[str]:
    """Ids that are not this one, and nearly are; as they stand in an address."""
    farm, shop = prey.things["farm"], prey.rivals["orders"].id
    wide = "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in value)
    yield from (value.upper(), value.title(), quote(wide), f"%20{value}", f"{value}%20", f"{value}%00", f"{value}%09")
    yield from (f"%2e%2e%2f{value}", f".%2F{value}", f"{value}%2F", f"{value}%2F..", f"{value}/", f"//{value}")
    yield from (f"{value};x=1", f"{value},{shop}", f"{shop},{value}", f"{value}.json", f"{value}%0d%0aX-A:%20b")
    yield from (f"{value}%23", f"{value}%3F", f"%25{value}", f"{value}%2500", f"[{value}]", "%7B%22$gt%22:%22%22%7D")
    yield from (f"{value}.collect.{farm}", f"{value}.deliver", f"{value}.pack", f"{value}.1.1", f"{value}.1.2")
    yield from (
        value[:-1],
        f"{value}0",
        _next(value),
        value.replace(".", "%E2%80%A4"),
        f"{value}%CC%81",
        "*",
        ".*",
        "$ne",
    )
    if value.isdigit():
        yield from (f"BE{value}", f"{value[:4]}.{value[4:7]}.{value[7:]}", f"BE%20{value}", value.lstrip("0"))


def _next(value: str) -> str:
    return value[:-1] + chr(ord(value[-1]) + 1)


def filled(rule: str, values: Any) -> str:
    for value in values:
        rule = _PLACE.sub(quote(value), rule, count=1)
    return rule
