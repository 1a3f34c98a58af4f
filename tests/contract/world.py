"""A hub in the middle of a day, with everybody there is, and the request that each route is asked with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from tests.chain import Chain, Party, ok
from tests.contract.doors import Route
from tests.setups import buyer, deliver, do, enterprise, kbo, list_lot, order_body, place_order, producer


@dataclass(frozen=True, kw_only=True)
class World:
    """A hub in the middle of a day: parties of each kind, and things of theirs."""

    chain: Chain
    people: Mapping[str, Mapping[str, Party]]
    things: Mapping[str, str]
    secrets: Mapping[str, tuple[str, ...]]
    before: Any


def make_world() -> World:
    """Parties and things of theirs, in every service; nothing is left to be handled."""
    chain = Chain()
    people = {
        "producers": _people(chain, producer),
        "orders": _people(chain, buyer),
        "logistics": _people(chain, enterprise),
    }
    for service, following in (("producers", "orders"), ("orders", "logistics"), ("logistics", "producers")):
        people[service]["stranger"] = _with_key(people[service]["own"], people[following]["own"].key)
    things = _things(people)
    chain.settle()
    secrets = {
        "producers": ("lot", "product", "farm_name", "farm"),
        "orders": ("placed", "delivered", "shop_name", "shop"),
        "logistics": ("claimed", "started", "van_name", "van"),
    }
    hidden = {service: tuple(things[name] for name in names) for service, names in secrets.items()}
    return World(chain=chain, people=people, things=things, secrets=hidden, before=chain.snapshot())


def _people(chain: Chain, register: Any) -> dict[str, Party]:
    own, other, suspended = register(chain, name="Wie het toekomt"), register(chain, name="Een ander"), register(chain)
    ok(suspended.operator.post(f"{suspended.account}/suspend"))
    second = ok(own.post(f"{own.account}/keys"))
    assert own.call("DELETE", f"{own.account}/keys/{second['key_id']}").status_code == 204
    return {
        "own": own,
        "other": other,
        "suspended": suspended,
        "waiting": register(chain, approved=False),
        "revoked": _with_key(own, second["key"]),
        "garbage": _with_key(own, own.key[:-4] + "AAAA"),
        "nobody": _with_key(own, ""),
        "operator": own.operator,
    }


def _with_key(party: Party, key: str) -> Party:
    return Party(chain=party.chain, service=party.service, id=party.id, key=key)


def _things(people: Mapping[str, Mapping[str, Party]]) -> dict[str, str]:
    farm, shop, van = (people[service]["own"] for service in ("producers", "orders", "logistics"))
    cheese = {"id": "wheel", "label": "wheel", "size": 2_000, "price_cents": 2_400, "by_weight": True}
    carrots, wheels = list_lot(farm), list_lot(farm, packs=[cheese])
    placed, delivered, third = (place_order(shop, (carrots, 2)) for _ in range(3))
    weighed = place_order(shop, (wheels, 1), pack_id="wheel")
    deliver(van, delivered, farm)
    do(van, f"{placed}.collect.{farm.id}", "claim")
    do(van, f"{third}.collect.{farm.id}", "claim", "start")
    return {
        "farm": farm.id,
        "farm_name": f"info@{farm.id}.example",
        "shop": shop.id,
        "shop_name": f"info@{shop.id}.example",
        "van": van.id,
        "van_name": f"info@{van.id}.example",
        "lot": wheels,
        "product": str(ok(farm.get(f"/v1/lots/{carrots}"))["product_id"]),
        "reservation": f"{weighed}.1.1",
        "placed": placed,
        "delivered": delivered,
        "open": f"{weighed}.collect.{farm.id}",
        "claimed": f"{placed}.collect.{farm.id}",
        "started": f"{third}.collect.{farm.id}",
    }


def named(world: World, route: Route) -> dict[str, str]:
    """What the places in the route's rule stand for."""
    service, _, rule = route
    things = world.things
    own = world.people[service]["own"]
    step = rule.rsplit("/", 1)[-1]
    job = {"claim": "open", "cancel": "open", "done": "started", "fail": "started"}.get(step, "claimed")
    return {
        "<path:name>": "swagger-ui.css",
        "<party_id>": own.id,
        "<key_id>": own.key.split("_")[2],
        "<product_id>": things["product"],
        "<lot_id>": things["lot"],
        "<reservation_id>": things["reservation"],
        "<order_id>": things["delivered" if step in {"receipt", "short"} else "placed"],
        "<line_id>": "1",
        "<job_id>": things[job],
    }


def filled(rule: str, names: Mapping[str, str]) -> str:
    for place, value in names.items():
        rule = rule.replace(place, value)
    return rule


def body_of(world: World, route: Route) -> Any:
    """A body that the route takes, None where it takes none."""
    things = world.things
    party = {"name": "Nieuw", "email": "nieuw@example.org", "kbo": kbo("orders", 900)}
    place = {"street": "Markt 1", "postcode": "3000", "town": "Leuven", "lat": 50.87, "lon": 4.7}
    pack = {"label": "1 kg", "size": 1_000, "price_cents": 180}
    window = {"start": "2030-01-08T08:00:00+01:00", "end": "2030-01-08T12:00:00+01:00"}
    product = {"name": "Biet", "kind": "vegetables", "unit": "g", "storage": {"kind": "ambient"}}
    able = {"skills": ["collect"], "area": {"radius_m": 9_000}}
    bodies = {
        "POST /v1/producers": {**party, "place": place},
        "POST /v1/buyers": {**party, "place": place},
        "POST /v1/enterprises": {**party, **able, "place": place},
        "PATCH <party_id>": {"phone": "016 00 00 00"},
        "POST /v1/products": product,
        "PATCH <product_id>": {"name": "Rode biet"},
        "POST /v1/lots": {"product_id": things["product"], "stock": 5_000, "packs": [pack], "collect": window},
        "PATCH <lot_id>": {"listed": 30_000},
        "POST weight": {"grams": 2_100},
        "POST /v1/orders": order_body((things["lot"], 1), pack_id="wheel"),
        "POST short": {"missing": 1},
        "POST drop": {"reason": "De bestelwagen is stuk."},
        "POST done": {"by": "An"},
        "POST fail": {"reason": "written_off_by_hub"},
    }
    _, method, rule = route
    return bodies.get(f"{method} {rule}") or bodies.get(f"{method} {rule.rsplit('/', 1)[-1]}")


def ask(world: World, route: Route, role: str, names: Mapping[str, str]) -> TestResponse:
    service, method, rule = route
    party = world.people[service][role]
    mine = {"<party_id>": party.id} if role in {"waiting", "suspended"} else {}
    body = body_of(world, route)
    if role != "operator" and rule.endswith("/fail"):
        body = {"reason": "producer_absent"}
    options = {} if body is None else {"json": body}
    return party.call(method, filled(rule, {**names, **mine}), **options)
