"""Whatever lies on a topic: it is skipped or put aside with its reason, and who stands behind it is served."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.port import Parcel
from shared.events.catalogue import TOPICS
from tests.fuzz.effort import budget
from tests.fuzz.poison import keys, poison
from tests.fuzz.town import Town, good, parcel, was_heard
from tests.fuzz.whole import unsound


@pytest.fixture(scope="module")
def town() -> Town:
    return Town()


@pytest.mark.parametrize("topic", TOPICS)
@budget(60)
@given(records=st.lists(st.tuples(keys, poison), min_size=1, max_size=5))
def test_poison_never_blocks_its_partition(town: Town, topic: str, records: Sequence[tuple[str, bytes]]) -> None:
    town.chain.restore(town.before)

    town.chain.broker.publish([Parcel(topic=topic, key=key, value=value) for key, value in records])
    town.chain.broker.publish([parcel(good(town, topic))])
    town.chain.settle()

    assert was_heard(town, topic)
    assert unsound(town.chain) == []
    letters = town.chain.records(f"{topic}.dlq")
    assert all(dict(each.headers)["reason"] for each in letters)
