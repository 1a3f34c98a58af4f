"""Parties and requests for the tests of the HTTP edge; times are relative to the real clock, which the edge reads."""

from dataclasses import dataclass, field
from typing import Any

from shared import clock
from shared.events.lots import LotSnapshot
from shared.values import Window
from tests.unit.orders.bench import OPERATOR_KEY, Bench
from tests.unit.orders.world import SHOP, a_lot

SHOP_KBO = "0202239951"
OTHER_KBO = "0203430576"
ADDRESS = {"street": "Markt 2", "postcode": "3000", "town": "Leuven", "lat": 50.88, "lon": 4.70}
PLACE = {"id": "shop", "name": SHOP.name, **ADDRESS}


def hours(count: float) -> str:
    return clock.plus(clock.now(), seconds=count * 3_600)


def day(count: int) -> str:
    return clock.brussels_day(hours(24 * count))


def fresh_lot(lot_id: str = "lot-1", **changes: Any) -> LotSnapshot:
    collect = Window(start=hours(-2), end=hours(72))
    return a_lot(lot_id, **{"best_before": day(20), "collect": collect, **changes})


def buyer(kbo: str, **changes: Any) -> dict[str, Any]:
    return {
        "kbo": kbo,
        "name": "De Hoekwinkel",
        "email": "winkel@example.be",
        "place": ADDRESS,
        "kind": "shop",
        "delivery_places": [PLACE],
        **changes,
    }


def line(lot_id: str = "lot-1", **changes: Any) -> dict[str, Any]:
    return {"lot_id": lot_id, "pack_id": "crate", "count": 5, **changes}


def body(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    window = {"start": hours(24), "end": hours(30)}
    return {"place_id": "shop", "window": window, "lines": list(lines or (line(),)), **changes}


@dataclass
class Api:
    """A client with a key for each role; answers are `(status, body)`."""

    bench: Bench = field(default_factory=Bench)

    def __post_init__(self) -> None:
        self.bench.now = clock.now()
        self.client = self.bench.client()
        self.keys = {"operator": OPERATOR_KEY}

    def call(self, method: str, path: str, who: str = "shop", **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.keys[who]}"} if who in self.keys else {}
        return self.client.open(path, method=method, headers={**headers, **options.pop("headers", {})}, **options)

    def get(self, path: str, who: str = "shop", **query: Any) -> Any:
        return self.call("GET", path, who, query_string=query)

    def post(self, path: str, sent: Any = None, who: str = "shop", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("POST", path, who, json={} if sent is None else sent, headers=named)

    def join(self, who: str, kbo: str, **changes: Any) -> None:
        """Registers a buyer and has it approved."""
        answer = self.post("/v1/buyers", buyer(kbo, **changes), who="nobody")
        assert answer.status_code == 201, answer.json
        self.keys[who] = answer.json["key"]
        assert self.post(f"/v1/buyers/{kbo}/approve", who="operator").status_code == 200

    def order(self, *lines: dict[str, Any], who: str = "shop", **changes: Any) -> dict[str, Any]:
        """Places an order that must be taken."""
        answer = self.post("/v1/orders", body(*lines, **changes), who)
        assert answer.status_code == 201, answer.json
        return dict(answer.json)


def ready(*lots: LotSnapshot) -> Api:
    """Two approved buyers, and lots on offer."""
    api = Api()
    api.join("shop", SHOP_KBO)
    api.join("other", OTHER_KBO)
    api.bench.list_lots(*(lots or (fresh_lot(),)))
    return api
