"""The producers API on a store in memory, with two approved producers and the operator, for tests."""

from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.producers.main import SERVICE
from shared import ids
from shared.config import Settings
from shared.hub import DEFAULT_HUB
from shared.store.aggregate import Ledger
from shared.store.memory import MemoryStore
from shared.wiring import Parts, app_on

ANNA, BERT = "0403170701", "0403199702"
OPERATOR_KEY = "operator-secret"
PLACE = {"street": "Veldstraat 1", "postcode": "3360", "town": "Bierbeek", "lat": 50.83, "lon": 4.76}
WINDOW = {"start": "2090-01-03T08:00:00+01:00", "end": "2090-01-03T12:00:00+01:00"}
CARROTS = {"name": "Wortelen", "kind": "vegetables", "unit": "g", "vat_percent": 6, "storage": {"kind": "ambient"}}
KILO = {"label": "1 kg", "size": 1_000, "price_cents": 180}


@dataclass
class Desk:
    """Who asks is named by number; every call answers the response."""

    store: MemoryStore = field(default_factory=MemoryStore)
    keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parts = Parts(store=self.store, hub=DEFAULT_HUB, operator_digest=ids.digest(OPERATOR_KEY))
        self.ledger = Ledger(self.store, "producers", parts.now)
        self.client: FlaskClient = app_on(SERVICE, parts, Settings()).test_client()
        self.keys["operator"] = OPERATOR_KEY
        for kbo, name in ((ANNA, "De Wortel"), (BERT, "De Biet")):
            self.register(kbo, name)
            self.post(f"/v1/producers/{kbo}/approve", by="operator")

    def register(self, kbo: str, name: str) -> TestResponse:
        body = {"kbo": kbo, "name": name, "email": "farm@example.org", "place": PLACE, "description": "Een hoeve."}
        response = self.client.post("/v1/producers", json={**body, "certifications": ["Biogarantie"]})
        assert response.json is not None
        self.keys[kbo] = response.json.get("key", "")
        return response

    def call(self, method: str, path: str, by: str = ANNA, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.keys[by]}", **options.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **options)

    def get(self, path: str, by: str = ANNA, **options: Any) -> TestResponse:
        return self.call("GET", path, by, **options)

    def post(self, path: str, body: Any = None, by: str = ANNA, **options: Any) -> TestResponse:
        return self.call("POST", path, by, **({} if body is None else {"json": body}), **options)

    def patch(self, path: str, body: Any, by: str = ANNA, **options: Any) -> TestResponse:
        return self.call("PATCH", path, by, json=body, **options)

    def product(self, by: str = ANNA, **changes: Any) -> str:
        return str(made(self.post("/v1/products", {**CARROTS, **changes}, by))["id"])

    def lot(self, by: str = ANNA, **changes: Any) -> dict[str, Any]:
        product = changes.pop("product_id", None) or self.product(by)
        return made(self.post("/v1/lots", lot_body(product, **changes), by))


def lot_body(product_id: str, **changes: Any) -> dict[str, Any]:
    return {"product_id": product_id, "stock": 20_000, "packs": [KILO], "collect": WINDOW, **changes}


def made(response: TestResponse) -> dict[str, Any]:
    assert response.status_code in {200, 201}, response.text
    assert response.json is not None
    return dict(response.json)


def refused(response: TestResponse, status: int, code: str, field: str | None = None) -> None:
    problem = response.json
    assert problem is not None
    assert (response.status_code, problem["code"], problem.get("field")) == (status, code, field), response.text
    assert response.mimetype == "application/problem+json"
    assert problem["detail"]
