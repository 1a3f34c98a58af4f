"""The web: the three real Flask apps, built once a process, on whatever hub is being simulated; and its people.

Building the apps takes a hundred times as long as a request, so what is inside is exchanged instead.
"""

import functools
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Protocol

from flask import Flask

from shared import ids
from shared.hub import DEFAULT_HUB, Deadlines
from shared.hub import Hub as Rules
from shared.store.memory import MemoryStore
from shared.store.port import Document
from shared.wiring import Parts, app_on
from tests.chain import MONDAY, NOUNS, OPERATOR_KEY, SERVICES, UNLIMITED, ok
from tests.setups import CARROTS, FARM_PLACE, SHOP_PLACE, VAN, VAN_PLACE, kbo
from tests.simulation.bugs.plant import NO_BUG, Bug

Documents = dict[str, dict[str, Document]]

_HASTY = Deadlines(answer=300, unclaimed=400, escalate=400, unfinished=1_800)
_FARMS = ("Hoeve De Wissel", "Kaasboerderij Het Hinkelspel")
_SHOPS = ("Buurtwinkel Het Pakhuis", "Schoolkeuken De Lepel")
_FAR = {**VAN_PLACE, "street": "Kaai 1", "postcode": "3600", "town": "Genk", "lat": 50.965, "lon": 5.28}
_VANS: tuple[dict[str, Any], ...] = (
    {"name": "Maatwerk De Kruiwagen", "place": VAN_PLACE, "skills": ["collect", "pack", "deliver"]},
    {"name": "Fietskoeriers De Ketting", "place": SHOP_PLACE, "skills": ["collect", "deliver"]},
    {"name": "Atelier Ver Weg", "place": _FAR, "skills": ["collect", "pack", "deliver"], "own_site": True},
)
_COLD = {"kind": "chilled", "max_celsius": 6}
_DRY = {"kind": "ambient"}
PRODUCTS: tuple[dict[str, Any], ...] = (
    CARROTS,
    {"name": "Boerenkaas", "kind": "cheese", "unit": "g", "vat_percent": 6, "storage": _COLD, "allergens": ["milk"]},
    {"name": "Appelsap", "kind": "juice", "unit": "ml", "vat_percent": 21, "storage": _DRY},
    {"name": "Eieren", "kind": "eggs", "unit": "piece", "vat_percent": 12, "storage": _DRY, "allergens": ["eggs"]},
)


class Hub(Protocol):
    """What the apps need of the hub that is simulated."""

    def store(self, service: str) -> Any:
        """The store of a service."""
        ...

    def now(self, service: str) -> str:
        """What its clock says."""
        ...


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a key to one service."""

    service: str
    id: str
    name: str
    key: str

    @property
    def account(self) -> str:
        """The address of its account."""
        return f"/v1/{NOUNS[self.service]}/{self.id}"


class _Slot:
    """Stands where a store does, and passes everything on to that of the present hub."""

    def __init__(self, site: "Site", service: str) -> None:
        self._site = site
        self._service = service

    def __getattr__(self, name: str) -> Any:
        return getattr(self._site.hub.store(self._service), name)


class Site:
    """The apps. `hub` is what they serve at present."""

    def __init__(self, bug: Bug, rules: Rules) -> None:
        self._bug = bug
        self._rules = rules
        self.hub: Hub = _Opening()
        self.apps: dict[str, Flask] = {name: self._app(name) for name in SERVICES}

    def _app(self, name: str) -> Flask:
        parts = Parts(
            store=_Slot(self, name),
            hub=self._rules,
            operator_digest=ids.digest(OPERATOR_KEY),
            now=lambda: self.hub.now(name),
        )
        return app_on(self._bug.service(SERVICES[name]), parts, UNLIMITED)

    def send(self, who: Person, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """One request, answered."""
        own = {"Authorization": f"Bearer {who.key}", **(headers or {})}
        client = self.apps[who.service].test_client()
        return client.open(path, method=method, json=body, headers=own, buffered=True)


class _Opening:
    """The hub on the day before: only people register."""

    def __init__(self) -> None:
        self.stores = {name: MemoryStore() for name in SERVICES}

    def store(self, service: str) -> MemoryStore:
        """Plain."""
        return self.stores[service]

    def now(self, _service: str) -> str:
        """The morning before all."""
        return MONDAY


@dataclass(frozen=True, kw_only=True)
class Town:
    """Everybody there is, what farms make (product ids by farm), and the documents that say so."""

    farms: tuple[Person, ...]
    shops: tuple[Person, ...]
    vans: tuple[Person, ...]
    products: dict[str, tuple[str, ...]]
    documents: dict[str, Documents]

    @property
    def everybody(self) -> tuple[Person, ...]:
        """But for the operator."""
        return (*self.farms, *self.shops, *self.vans)


def rules(*, hasty: bool) -> Rules:
    """The hub's configuration; a hasty one has deadlines of minutes, so that they meet everything else."""
    return replace(DEFAULT_HUB, deadlines=_HASTY) if hasty else DEFAULT_HUB


@functools.cache
def site(bug: Bug = NO_BUG, *, hasty: bool = False) -> Site:
    """This process's apps."""
    return Site(bug, rules(hasty=hasty))


@functools.cache
def town() -> Town:
    """The same people in every history."""
    opening = _Opening()
    site().hub = opening
    with ids.drawn_from(Random("town").randbytes):  # noqa: S311  # the same keys in every process
        farms = tuple(_register("producers", n, {"name": name, "place": FARM_PLACE}) for n, name in enumerate(_FARMS))
        shops = tuple(_register("orders", n, {"name": name, "place": SHOP_PLACE}) for n, name in enumerate(_SHOPS))
        vans = tuple(
            _register("logistics", n, {"area": {"radius_m": 40_000}, "vehicles": [VAN], **body})
            for n, body in enumerate(_VANS)
        )
        products = {farm.id: tuple(_make(farm, body) for body in PRODUCTS) for farm in farms}
    documents = {name: store._documents for name, store in opening.stores.items()}
    return Town(farms=farms, shops=shops, vans=vans, products=products, documents=documents)


def operator(service: str) -> Person:
    """The hub's own people, at this service."""
    return Person(service=service, id="operator", name="The operator", key=OPERATOR_KEY)


def _register(service: str, number: int, body: dict[str, Any]) -> Person:
    id_ = kbo(service, number + 1)
    nobody = Person(service=service, id=id_, name=body["name"], key="")
    contact = {"kbo": id_, "email": f"info@{id_}.example", **body}
    key = ok(site().send(nobody, "POST", f"/v1/{NOUNS[service]}", contact))["key"]
    ok(site().send(operator(service), "POST", f"{nobody.account}/approve"))
    return Person(service=service, id=id_, name=body["name"], key=key)


def _make(farm: Person, body: dict[str, Any]) -> str:
    return str(ok(site().send(farm, "POST", "/v1/products", body))["id"])
