"""Makes the demo's parties known to the hub, once: registered, approved, and each with a key that works."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import httpx

from deploy.hub.demo.client import AnsweredNoError, Client
from deploy.hub.demo.keys import KeyRing
from deploy.hub.demo.parties import Cast, Enterprise, Farm, Shop

PLACE_ID = "winkel"
_UNKNOWN = 401
_KNOWN_ALREADY = "already_registered"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What registering needs: connections, the operator's client, the ring of keys."""

    http: httpx.Client
    operator: Client
    ring: KeyRing


@dataclass(frozen=True, kw_only=True)
class People:
    """A client for each party, by its enterprise number, and the operator's."""

    operator: Client
    farms: Mapping[str, Client]
    enterprises: Mapping[str, Client]
    shops: Mapping[str, Client]


def register(desk: Desk, cast: Cast, tick: Callable[[str], None]) -> People:
    """Clients for all parties; `tick(name)` is called as each is known to the hub."""

    def enrolled(noun: str, body: Mapping[str, Any]) -> Client:
        tick(body["name"])
        return _enrol(desk, noun, body)

    return People(
        operator=desk.operator,
        farms={farm.kbo: enrolled("/producers/v1/producers", producer_body(farm)) for farm in cast.farms},
        enterprises={one.kbo: enrolled("/logistics/v1/enterprises", enterprise_body(one)) for one in cast.enterprises},
        shops={shop.kbo: enrolled("/orders/v1/buyers", buyer_body(shop)) for shop in cast.shops},
    )


def producer_body(farm: Farm) -> dict[str, Any]:
    """What a farm registers with."""
    return _contact(farm)


def enterprise_body(enterprise: Enterprise) -> dict[str, Any]:
    """What an enterprise registers with."""
    return {
        **_contact(enterprise),
        "skills": list(enterprise.skills),
        "area": asdict(enterprise.area),
        "vehicles": [asdict(vehicle) for vehicle in enterprise.vehicles],
        "own_site": enterprise.own_site,
    }


def buyer_body(shop: Shop) -> dict[str, Any]:
    """What a shop registers with: its own address is where it wants its goods."""
    own = {"id": PLACE_ID, "name": shop.name, **asdict(shop.place)}
    return {**_contact(shop), "kind": shop.kind, "delivery_places": [own]}


def _contact(party: Farm | Enterprise | Shop) -> dict[str, Any]:
    return {
        "kbo": party.kbo,
        "name": party.name,
        "email": party.email,
        "phone": party.phone,
        "place": asdict(party.place),
    }


def _enrol(desk: Desk, address: str, body: Mapping[str, Any]) -> Client:
    kbo = body["kbo"]
    key = desk.ring.get(kbo)
    if key is None or not _opens(Client(desk.http, key), f"{address}/{kbo}"):
        key = _new_key(desk, address, body)
        desk.ring.put(kbo, key)
    desk.operator.post(f"{address}/{kbo}/approve")
    return Client(desk.http, key)


def _opens(client: Client, address: str) -> bool:
    try:
        client.get(address)
    except AnsweredNoError as error:
        if error.status == _UNKNOWN:
            return False
        raise
    return True


def _new_key(desk: Desk, address: str, body: Mapping[str, Any]) -> str:
    """A registered party's key is shown once; where it got lost, the operator makes another."""
    try:
        return str(Client(desk.http).post(address, body)["key"])
    except AnsweredNoError as error:
        if error.code != _KNOWN_ALREADY:
            raise
    return str(desk.operator.post(f"{address}/{body['kbo']}/keys")["key"])
