"""Facts about a reservation that cannot be: they make dead letters, and no page breaks on them."""

from dataclasses import replace

import pytest

from services.producers.domain.settlement import Goods, left_the_farm, set_aside
from shared.errors import NeverError
from tests.unit.producers.given import COLLECT, NOW

GOODS = Goods(
    producer_id="p",
    product_name="Wortelen",
    lot_code="L-1",
    unit="g",
    label="1 kg",
    count=1,
    quantity=1_000,
    pack_grams=1_000,
    per_crate=10,
    by_weight=False,
    collect=COLLECT,
)


@pytest.mark.parametrize("goods", [replace(GOODS, count=0), replace(GOODS, quantity=0), replace(GOODS, count=-2)])
def test_nothing_cannot_be_set_aside(goods: Goods) -> None:
    with pytest.raises(NeverError):
        set_aside(goods, NOW)


@pytest.mark.parametrize("count", [0, -1])
def test_nothing_cannot_leave_the_farm(count: int) -> None:
    with pytest.raises(NeverError):
        left_the_farm(count, None, NOW)
