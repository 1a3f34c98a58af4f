"""A farm with a lot, and a shop with two orders of it: one being collected, one delivered."""

from typing import Any

from tests.chain import Chain, Party, Snapshot, ok
from tests.setups import COLLECT, KILO, buyer, deliver, do, enterprise, list_lot, place_order, producer


class Market:
    """Everybody and everything, and all documents as they were `before` a test."""

    def __init__(self) -> None:
        self.chain = Chain()
        self.farm, self.shop, self.van = producer(self.chain), buyer(self.chain), enterprise(self.chain)
        self.lot = list_lot(self.farm)
        self.product = ok(self.farm.get(f"/v1/lots/{self.lot}"))["product_id"]
        self.placed, self.delivered = (place_order(self.shop, (self.lot, 2)) for _ in range(2))
        deliver(self.van, self.delivered, self.farm)
        self.job = f"{self.placed}.collect.{self.farm.id}"
        do(self.van, self.job, "claim", "start")
        self.nobody = Party(chain=self.chain, service="producers", id="", key="")
        self.before: Snapshot = self.chain.snapshot()

    def new_lot(self, **changes: Any) -> dict[str, Any]:
        return {"product_id": self.product, "stock": 20_000, "packs": [KILO], "collect": COLLECT, **changes}
