"""What can be created with an Idempotency-Key."""

from typing import Any

import pytest

from tests.chain import Chain, Party, ok
from tests.setups import CARROTS, COLLECT, KILO, buyer, list_lot, order_body, producer

KEY = "5f3e0c4a-0000-4000-8000-1f2e3d4c5b6a"
CREATED = pytest.mark.parametrize("what", ["product", "lot", "order"])


def creations(chain: Chain) -> dict[str, tuple[Party, str, dict[str, Any], dict[str, Any]]]:
    """Who, where, what, and something else."""
    farm, shop = producer(chain), buyer(chain)
    lot = list_lot(farm)
    product = ok(farm.get(f"/v1/lots/{lot}"))["product_id"]
    new_lot = {"product_id": product, "stock": 1_000, "packs": [KILO], "collect": COLLECT}
    return {
        "product": (farm, "/v1/products", CARROTS, {**CARROTS, "name": "Rode biet"}),
        "lot": (farm, "/v1/lots", new_lot, {**new_lot, "stock": 2_000}),
        "order": (shop, "/v1/orders", order_body((lot, 1)), order_body((lot, 2))),
    }
