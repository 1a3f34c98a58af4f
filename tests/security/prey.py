"""A hub with somebody to rob: of each kind a victim with things of its own, a rival with things of its own, and keys.

What is whose can be told by its `MARKS`: words and figures that nothing else in the hub has. Some of a victim's things
are meant for others (a lot on offer, work on the board): a mark has the services that may show it to nobody else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared import ids
from tests.chain import NOUNS, Chain, Party, Snapshot, ok
from tests.setups import (
    FARM_PLACE,
    SHOP_PLACE,
    VAN,
    VAN_PLACE,
    buyer,
    do,
    enterprise,
    list_lot,
    order_body,
    place_order,
    producer,
)

IDEMPOTENCY_KEY = "2030-01-07-maandag"
PRICE, STOCK, GRAMS = 17_319, 19_373_000, 2_357

# Which service may never show it to others.
MARKS: Mapping[str, tuple[str, ...]] = {
    "Hoeve Sluimerveld": ("producers",),
    "016 11 31 71": ("producers", "orders", "logistics"),
    "Sluipweg 7": ("producers",),
    "Wij telen bij maanlicht": ("producers", "orders", "logistics"),
    "Sluimerpeer": ("producers",),
    "LOT-STILTE": ("producers",),
    str(PRICE): ("producers", "logistics"),
    str(STOCK): ("producers", "logistics"),
    str(GRAMS): ("producers", "orders", "logistics"),
    "Winkel Verborgen": ("producers", "orders", "logistics"),
    "016 22 32 72": ("producers", "orders", "logistics"),
    "Nachtstraat 13": ("producers", "orders", "logistics"),
    "kelder-achter": ("producers", "orders", "logistics"),
    "Achterdeur Stiltehof": ("producers", "orders", "logistics"),
    "Bel driemaal": ("producers", "orders", "logistics"),
    "Een krat te weinig": ("producers", "orders", "logistics"),
    "Maatwerk Nachtegaal": ("producers", "orders", "logistics"),
    "016 33 33 73": ("producers", "orders", "logistics"),
    "Wagen Zonder Licht": ("producers", "orders", "logistics"),
    "Overhandigd door Mol": ("producers", "orders", "logistics"),
    "Onder de mat gelegd": ("producers", "orders", "logistics"),
}
_FOLLOWING = {"producers": "orders", "orders": "logistics", "logistics": "producers"}
_WHEEL = {"id": "wheel", "label": "wiel", "size": 2_000, "price_cents": PRICE + 1, "by_weight": True}
_PEAR = {"name": "Sluimerpeer", "kind": "fruit", "unit": "g", "vat_percent": 6, "storage": {"kind": "ambient"}}


@dataclass(frozen=True, kw_only=True)
class Prey:
    """`victims` and `rivals` by service, `thieves` by service and what they come with; `things` are the victims'."""

    chain: Chain
    victims: Mapping[str, Party]
    rivals: Mapping[str, Party]
    thieves: Mapping[str, Mapping[str, Party]]
    things: Mapping[str, str]
    pools: Mapping[str, tuple[str, ...]]
    before: Snapshot

    def leaks(self, service: str, text: str, said: str = "") -> list[str]:
        """The secrets that a text has, without those that were `said` in the question."""
        marks = [mark for mark, keepers in MARKS.items() if service in keepers]
        marks += [f"info@{victim.id}.example" for victim in self.victims.values()]
        marks += [self.things["placed"], self.things["delivered"]] if service == "orders" else []
        marks += [self.things["product"]] if service == "producers" else []
        found = [mark for mark in marks if mark in text and mark not in said]
        return [mark for mark in found if re.search(rf"(?<![\w-]){re.escape(mark)}(?![\w-])", text)]


def make_prey() -> Prey:
    """All of it; nothing is left to be handled."""
    chain = Chain()
    victims = _victims(chain)
    rivals = {
        "producers": producer(chain, name="Hoeve Buur"),
        "orders": buyer(chain, name="Winkel Buur"),
        "logistics": enterprise(chain, name="Maatwerk Buur"),
    }
    things = _things(victims)
    _live(rivals)
    thieves = {service: _thieves(chain, service, victims, rivals) for service in NOUNS}
    chain.settle()
    pools = _pools(victims, things)
    return Prey(
        chain=chain,
        victims=victims,
        rivals=rivals,
        thieves=thieves,
        things=things,
        pools=pools,
        before=chain.snapshot(),
    )


def _victims(chain: Chain) -> dict[str, Party]:
    farm = {**FARM_PLACE, "street": "Sluipweg 7"}
    door = {"id": "kelder-achter", "name": "Achterdeur Stiltehof", **SHOP_PLACE, "street": "Nachtstraat 13"}
    return {
        "producers": producer(
            chain,
            name="Hoeve Sluimerveld",
            phone="016 11 31 71",
            place=farm,
            description="Wij telen bij maanlicht",
        ),
        "orders": buyer(chain, name="Winkel Verborgen", phone="016 22 32 72", delivery_places=[door]),
        "logistics": enterprise(
            chain,
            name="Maatwerk Nachtegaal",
            phone="016 33 33 73",
            vehicles=[{**VAN, "name": "Wagen Zonder Licht"}],
        ),
    }


def _things(victims: Mapping[str, Party]) -> dict[str, str]:
    farm, shop, van = victims["producers"], victims["orders"], victims["logistics"]
    pear = {"id": "kilo", "label": "1 kg", "size": 1_000, "price_cents": PRICE}
    lot = list_lot(farm, product=_PEAR, packs=[pear, _WHEEL], stock=STOCK, lot_code="LOT-STILTE")
    ask = {"place_id": "kelder-achter", "note": "Bel driemaal"}
    placed = _placed(shop, order_body((lot, 2), **ask))
    delivered, third = (place_order(shop, (lot, 2), **ask) for _ in range(2))
    weighed = place_order(shop, (lot, 1), pack_id="wheel", **ask)
    ok(farm.post(f"/v1/lots/{lot}/reservations/{weighed}.1.1/weight", {"grams": GRAMS}))
    for job in (f"{delivered}.collect.{farm.id}", f"{delivered}.deliver"):
        do(van, job, "claim", "start")
        ok(van.post(f"/v1/jobs/{job}/done", {"by": "Overhandigd door Mol", "note": "Onder de mat gelegd"}))
        van.chain.settle()
    ok(shop.post(f"/v1/orders/{delivered}/lines/1/short", {"missing": 1, "note": "Een krat te weinig"}))
    do(van, f"{placed}.collect.{farm.id}", "claim")
    do(van, f"{third}.collect.{farm.id}", "claim", "start")
    return {
        "lot": lot,
        "product": str(ok(farm.get(f"/v1/lots/{lot}"))["product_id"]),
        "reservation": f"{weighed}.1.1",
        "placed": placed,
        "delivered": delivered,
        "third": third,
        "weighed": weighed,
        "farm": farm.id,
    }


def _placed(shop: Party, body: Mapping[str, Any]) -> str:
    order_id = str(ok(shop.post("/v1/orders", body, Idempotency_Key=IDEMPOTENCY_KEY))["id"])
    shop.chain.settle()
    assert order_id == ids.derived_id(shop.id, "/v1/orders", IDEMPOTENCY_KEY)
    return order_id


def _live(rivals: Mapping[str, Party]) -> None:
    """The rivals have the same kinds of things, so that their lists are not empty."""
    farm, shop, van = rivals["producers"], rivals["orders"], rivals["logistics"]
    lot = list_lot(farm)
    orders = [place_order(shop, (lot, 1)) for _ in range(3)]
    do(van, f"{orders[0]}.collect.{farm.id}", "claim")
    do(van, f"{orders[1]}.collect.{farm.id}", "claim", "start", "done")


def _thieves(chain: Chain, service: str, victims: Mapping[str, Party], rivals: Mapping[str, Party]) -> dict[str, Party]:
    victim, rival = victims[service], rivals[service]
    role, _, key_id, secret = victim.key.split("_", 3)
    _, _, rival_id, rival_secret = rival.key.split("_", 3)
    register = {"producers": producer, "orders": buyer, "logistics": enterprise}[service]
    suspended = register(chain)
    ok(suspended.operator.post(f"{suspended.account}/suspend"))
    second = ok(victim.post(f"{victim.account}/keys"))
    assert victim.call("DELETE", f"{victim.account}/keys/{second['key_id']}").status_code == 204
    keys = {
        "rival": rival.key,
        "revoked": second["key"],
        "waiting": register(chain, approved=False).key,
        "suspended": suspended.key,
        "stranger": rivals[_FOLLOWING[service]].key,
        "namesake": _namesake(chain, _FOLLOWING[service], victim),
        "rival's key in the victim's name": f"{role}_{victim.id}_{rival_id}_{rival_secret}",
        "rival's secret on the victim's key": f"{role}_{victim.id}_{key_id}_{rival_secret}",
        "secret in small letters": f"{role}_{victim.id}_{key_id}_{secret.swapcase()}",
        "no secret": f"{role}_{victim.id}_{key_id}_",
        "digest for the secret": f"{role}_{victim.id}_{key_id}_{ids.digest(secret)}",
        "nothing": "",
    }
    return {name: Party(chain=chain, service=service, id=rival.id, key=key) for name, key in keys.items()}


def _namesake(chain: Chain, service: str, victim: Party) -> str:
    """A key of another kind of party with the victim's own enterprise number."""
    able = {"skills": ["collect"], "area": {"radius_m": 9_000}} if service == "logistics" else {}
    body = {"kbo": victim.id, "name": "Naamgenoot", "email": "naam@genoot.example", "place": VAN_PLACE, **able}
    nobody = Party(chain=chain, service=service, id=victim.id, key="")
    key = ok(nobody.post(f"/v1/{NOUNS[service]}", body))["key"]
    ok(nobody.operator.post(f"{nobody.account}/approve"))
    return str(key)


def _pools(victims: Mapping[str, Party], things: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What a place in an address can stand for, of the victims'."""
    orders = tuple(things[name] for name in ("placed", "delivered", "third", "weighed"))
    farm = things["farm"]
    held = (f"{things['placed']}.collect.{farm}", f"{things['third']}.collect.{farm}")
    done = (f"{things['delivered']}.collect.{farm}", f"{things['delivered']}.deliver")
    return {
        "party_id": tuple(victim.id for victim in victims.values()),
        "key_id": tuple(victim.key.split("_")[2] for victim in victims.values()),
        "product_id": (things["product"],),
        "lot_id": (things["lot"],),
        "reservation_id": (things["reservation"],),
        "order_id": orders,
        "line_id": ("1",),
        "job_id": (*held, *done),
        "name": ("swagger-ui.css", "../../../shared/config.py"),
    }
