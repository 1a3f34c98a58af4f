"""Orders that nobody can confirm make no work."""

from dataclasses import replace

import pytest

from services.logistics.domain.plan import plan
from shared.errors import NeverError
from shared.events.orders import OrderConfirmed
from tests.unit.logistics.given import MILK, ORDER, PACKED, TERMS


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, lines=()),
        replace(PACKED, lines=()),
        replace(ORDER, lines=(replace(MILK, count=0),)),
        replace(ORDER, lines=(replace(MILK, grams=-1),)),
        replace(ORDER, lines=(MILK, replace(MILK, line_id="2", per_crate=0))),
    ],
)
def test_an_order_with_nothing_to_move_is_no_work(order: OrderConfirmed) -> None:
    with pytest.raises(NeverError, match="has no lines, or one without"):
        plan(order, TERMS)
