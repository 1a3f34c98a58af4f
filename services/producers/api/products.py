"""Products: what a producer makes."""

from collections.abc import Callable
from typing import Any

from flask_smorest import Blueprint

from services.producers.api.schemas import (
    CHANGEABLE,
    NewProductSchema,
    OwnedArgs,
    OwnProductSchema,
    ProductChangeSchema,
)
from services.producers.app.kinds import PRODUCT
from services.producers.app.products import change_product, create_product, own_product
from services.producers.app.reach import narrowed
from services.producers.domain.product import OwnProduct
from shared.http.conditions import check_same, etag, fingerprint, fresh_id, if_match, repeatable
from shared.http.doors import caller, guard
from shared.http.fields import page_schema
from shared.store.aggregate import Ledger, Saved
from shared.store.paging import newest
from shared.values import Product

Answer = tuple[dict[str, Any], int, dict[str, str]]


def products_blueprint(ledger: Ledger, now: Callable[[], str]) -> Blueprint:
    """Make, list, see and change products."""
    blueprint = Blueprint("products", __name__, url_prefix="/v1/products", description="What a producer makes.")

    @blueprint.post("")
    @repeatable
    @guard("producer")
    @blueprint.arguments(NewProductSchema)
    @blueprint.response(201, OwnProductSchema)
    def make(body: dict[str, Any]) -> Answer:
        """Make a product."""
        new = _new(fresh_id(), _product(body), now())
        saved = create_product(ledger, new)
        check_same(saved.state.fingerprint)
        answer, _, headers = _answer(saved)
        return answer, 201, {**headers, "Location": f"/v1/products/{saved.id}"}

    @blueprint.get("")
    @guard("producer", "operator")
    @blueprint.arguments(OwnedArgs, location="query")
    @blueprint.response(200, page_schema(OwnProductSchema))
    def index(args: dict[str, Any]) -> dict[str, Any]:
        """Your products, newest first."""
        where = narrowed(owner(), producer_id=args["producer_id"])
        page = newest(ledger, PRODUCT, [where], args["cursor"], args["limit"])
        return {"items": [_shown(each) for each in page.items], "next": page.next}

    @blueprint.get("/<product_id>")
    @guard("producer", "operator")
    @blueprint.response(200, OwnProductSchema)
    def show(product_id: str) -> Answer:
        """One product."""
        return _answer(own_product(ledger, product_id, owner()))

    @blueprint.patch("/<product_id>")
    @guard("producer")
    @blueprint.arguments(ProductChangeSchema(partial=CHANGEABLE))
    @blueprint.response(200, OwnProductSchema)
    def change(body: dict[str, Any], product_id: str) -> Answer:
        """Describe a product otherwise; its lots on offer follow."""
        found = own_product(ledger, product_id, owner())
        return _answer(change_product(ledger, found, _frozen(body), if_match(), now()))

    return blueprint


def owner() -> str | None:
    """The producer who asks, None where the operator does."""
    return None if caller().is_operator else caller().party_id


def _new(id_: str, product: Product, at: str) -> OwnProduct:
    return OwnProduct(
        id=id_,
        producer_id=caller().party_id,
        product=product,
        created_at=at,
        page_key=f"{at}/{id_}",
        fingerprint=fingerprint(),
    )


def _product(body: dict[str, Any]) -> Product:
    return Product(**_frozen(body))


def _frozen(body: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}


def _shown(saved: Saved[OwnProduct]) -> dict[str, Any]:
    own = saved.state
    return {
        "id": own.id,
        "producer_id": own.producer_id,
        "product": own.product,
        "created_at": own.created_at,
        "version": saved.version,
    }


def _answer(saved: Saved[OwnProduct]) -> Answer:
    return _shown(saved), 200, etag(saved.version)
