import pytest

from services.producers.app.kinds import LOT
from tests.unit.producers.desk import ANNA, BERT, CARROTS, Desk, lot_body, made, refused


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_producer_registers_with_a_farm_description(desk: Desk) -> None:
    account = made(desk.get(f"/v1/producers/{ANNA}"))

    assert (account["name"], account["status"]) == ("De Wortel", "approved")
    assert (account["description"], account["certifications"]) == ("Een hoeve.", ["Biogarantie"])


def test_a_product_is_made_listed_and_shown(desk: Desk) -> None:
    response = desk.post("/v1/products", {**CARROTS, "allergens": ["celery"], "organic": True})

    product = made(response)
    assert response.status_code == 201
    assert response.headers["Location"] == f"/v1/products/{product['id']}"
    assert (product["producer_id"], product["product"]["allergens"]) == (ANNA, ["celery"])
    assert made(desk.get("/v1/products")) == {"items": [product], "next": None}
    assert desk.get(f"/v1/products/{product['id']}").headers["ETag"] == '"1"'


def test_a_repeated_request_with_its_key_makes_one_product(desk: Desk) -> None:
    key = {"Idempotency-Key": "0f9f2f6e-1"}

    first = desk.post("/v1/products", CARROTS, headers=key)
    again = desk.post("/v1/products", CARROTS, headers=key)
    other = desk.post("/v1/products", {**CARROTS, "name": "Bieten"}, headers=key)

    assert (again.status_code, again.json) == (201, first.json)
    refused(other, 422, "idempotency_key_reused", "Idempotency-Key")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "a\u0000b"}, "name"),
        ({"kind": "gold"}, "kind"),
        ({"unit": "kg"}, "unit"),
        ({"vat_percent": "6"}, "vat_percent"),
        ({"allergens": "milk"}, "allergens"),
        ({"allergens": [1]}, "allergens.0"),
        ({"storage": {"kind": "chilled"}}, "storage.max_celsius"),
        ({"storage": []}, "storage"),
        ({"price": 3}, "price"),
    ],
)
def test_a_product_that_cannot_be_is_refused_with_the_field_at_fault(
    desk: Desk, change: dict[str, object], field: str
) -> None:
    refused(desk.post("/v1/products", {**CARROTS, **change}), 422, "invalid_values", field)


def test_a_temperature_that_does_not_suit_is_refused(desk: Desk) -> None:
    storage = {"kind": "frozen", "max_celsius": 4}

    refused(desk.post("/v1/products", {**CARROTS, "storage": storage}), 422, "wrong_temperature", "storage.max_celsius")


def test_a_product_is_described_otherwise_in_its_lots_too(desk: Desk) -> None:
    product = desk.product()
    lot = desk.lot(product_id=product)

    changed = made(desk.patch(f"/v1/products/{product}", {"allergens": ["celery"]}))

    assert changed["product"]["allergens"] == ["celery"]
    assert changed["product"]["name"] == "Wortelen"
    shown = made(desk.get(f"/v1/lots/{lot['id']}"))
    assert shown["product"]["allergens"] == ["celery"]


def test_a_withdrawn_lot_keeps_its_product_as_it_was(desk: Desk) -> None:
    lot = desk.lot()
    desk.post(f"/v1/lots/{lot['id']}/withdraw")

    desk.patch(f"/v1/products/{lot['product_id']}", {"organic": True})

    assert made(desk.get(f"/v1/lots/{lot['id']}"))["product"]["organic"] is False


@pytest.mark.parametrize(
    ("body", "field"),
    [({"unit": "ml"}, "unit"), ({"vat_percent": 7}, "vat_percent"), ({"storage": {}}, "storage.kind")],
)
def test_a_change_that_cannot_be_is_refused(desk: Desk, body: dict[str, object], field: str) -> None:
    refused(desk.patch(f"/v1/products/{desk.product()}", body), 422, "invalid_values", field)


def test_a_change_of_nothing_is_refused(desk: Desk) -> None:
    response = desk.patch(f"/v1/products/{desk.product()}", {})

    assert response.status_code == 422


def test_a_change_may_insist_on_the_version_it_read(desk: Desk) -> None:
    path = f"/v1/products/{desk.product()}"
    desk.patch(path, {"organic": True})

    refused(desk.patch(path, {"organic": False}, headers={"If-Match": '"1"'}), 412, "changed_meanwhile")
    assert desk.patch(path, {"organic": False}, headers={"If-Match": '"2"'}).status_code == 200


def test_nobody_sees_or_changes_the_product_of_another(desk: Desk) -> None:
    product = desk.product()

    refused(desk.get(f"/v1/products/{product}", by=BERT), 404, "no_such_product")
    refused(desk.patch(f"/v1/products/{product}", {"organic": True}, by=BERT), 404, "no_such_product")
    refused(desk.post("/v1/lots", lot_body(product), by=BERT), 404, "no_such_product")
    assert made(desk.get(f"/v1/products?producer_id={ANNA}", by=BERT))["items"] == []


def test_the_operator_sees_all_products_and_those_of_one(desk: Desk) -> None:
    product, other = desk.product(), desk.product(BERT)

    all_of_them = made(desk.get("/v1/products", by="operator"))["items"]
    of_bert = made(desk.get(f"/v1/products?producer_id={BERT}", by="operator"))["items"]

    assert {each["id"] for each in all_of_them} == {product, other}
    assert [each["id"] for each in of_bert] == [other]
    refused(desk.post("/v1/products", CARROTS, by="operator"), 403, "wrong_role")


def test_lists_come_in_pieces(desk: Desk) -> None:
    products = [desk.product() for _ in range(5)]

    first = made(desk.get("/v1/products?limit=3"))
    second = made(desk.get("/v1/products", query_string={"limit": 3, "cursor": first["next"]}))

    assert {each["id"] for each in first["items"] + second["items"]} == set(products)
    assert (len(first["items"]), second["next"]) == (3, None)


def test_a_lot_listed_while_its_product_changes_has_the_product_as_it_is_now(desk: Desk) -> None:
    product = desk.product()
    lot = desk.lot(product_id=product)
    desk.patch(f"/v1/products/{product}", {"organic": True})

    saved = desk.ledger.load(LOT, lot["id"])

    assert saved is not None
    assert (saved.state.product.organic, saved.state.product_version) == (True, 2)
