"""Any events of the right shape, in any order: nobody's worker breaks, no document, no account, no page."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.port import Parcel
from tests.fuzz.effort import budget
from tests.fuzz.stories import stories
from tests.fuzz.town import Town
from tests.fuzz.whole import unsound

pytestmark = pytest.mark.fuzz


@pytest.fixture(scope="module")
def town() -> Town:
    return Town()


def tell(town: Town, parcels: Sequence[Parcel]) -> None:
    town.chain.restore(town.before)
    town.chain.broker.publish(parcels)
    town.chain.settle()


@pytest.mark.parametrize("wild", [False, True], ids=["honest", "wild"])
@budget(150)
@given(data=st.data())
def test_events_in_any_order_break_nothing(town: Town, wild: bool, data: st.DataObject) -> None:  # noqa: FBT001  # both
    parcels = data.draw(stories(town, wild=wild))

    tell(town, parcels)

    assert unsound(town.chain) == []
    assert town.broken() == []
