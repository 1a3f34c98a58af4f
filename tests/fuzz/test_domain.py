"""Every decision, called with whatever its arguments may be: it answers, or it refuses; nothing else ever happens."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import NeverError, RefusedError
from tests.fuzz.domain import OWN, arguments, call, functions
from tests.fuzz.effort import budget

FUNCTIONS = functions()
# What these are given has been checked before; 0 is none of it, nor is a place that is nowhere.
INNER = {
    "services.logistics.domain.task.crates_for",
    "services.orders.domain.offer.price_per_unit",
    "services.orders.domain.tiles.tile_of",
    "services.orders.domain.tiles.tiles_of",
}

pytestmark = pytest.mark.fuzz


def answers_or_refuses(name: str, given: dict[str, Any]) -> None:
    try:
        call(FUNCTIONS[name], given)
    except (RefusedError, NeverError):
        return


@pytest.mark.parametrize("name", FUNCTIONS)
@budget(6)
@given(data=st.data())
def test_a_decision_on_honest_values_answers_or_refuses(name: str, data: st.DataObject) -> None:
    answers_or_refuses(name, data.draw(arguments(name, FUNCTIONS[name], wild=False)))


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - INNER))
@budget(6)
@given(data=st.data())
def test_a_decision_on_wild_values_answers_or_refuses(name: str, data: st.DataObject) -> None:
    answers_or_refuses(name, data.draw(arguments(name, FUNCTIONS[name], wild=True)))


def test_every_function_named_here_exists() -> None:
    assert (OWN.keys() | INNER) - FUNCTIONS.keys() == set()
    assert len(FUNCTIONS) > 150
