"""Every event type has a golden sample, and travels exactly as that says: a changed wire format shows here."""

from typing import Any

import pytest

from shared.events.base import Event
from shared.events.catalogue import BY_TYPE, EVENTS, TOPICS, type_name
from shared.events.envelope import open_envelope, seal
from shared.events.schemas import load_event
from tests.unit.events.samples import GOLDEN, golden, golden_text, pretty, raw

every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)


def loaded(sample: dict[str, Any]) -> Event:
    envelope = open_envelope(raw(sample))
    event = load_event(envelope.type, envelope.data)
    assert event is not None
    return event


def test_every_type_has_a_golden_sample_and_every_sample_a_type() -> None:
    samples = {path.stem for path in GOLDEN.iterdir()}

    assert samples == {event.__name__ for event in EVENTS}


def test_no_two_types_share_a_name_and_every_event_class_is_in_the_catalogue() -> None:
    def below(cls: type[Event]) -> set[type[Event]]:
        return {cls}.union(*(below(each) for each in cls.__subclasses__()))

    travelling = {each for each in below(Event) if not each.__subclasses__()}

    assert len(BY_TYPE) == len(EVENTS)
    assert {each for each in travelling if each.__module__.startswith("shared.events.")} == set(EVENTS)
    assert {event.topic for event in EVENTS} == set(TOPICS)


@every_event
def test_a_sample_loads_to_its_dataclass(event: type[Event]) -> None:
    sample = golden(event.__name__)

    assert type(loaded(sample)) is event
    assert sample["type"] == type_name(event)
    assert sample["subject"] == sample["partitionkey"] == sample["data"][event.key]


@every_event
def test_a_sample_seals_back_to_the_same_json(event: type[Event]) -> None:
    sample = golden(event.__name__)
    envelope = open_envelope(raw(sample))

    sealed = seal(
        loaded(sample),
        event_id=envelope.id,
        service=event.service,
        now=envelope.time,
        traceparent=envelope.traceparent,
    )

    assert pretty(sealed.body) == golden_text(event.__name__)
    assert (sealed.topic, sealed.key, sealed.id) == (event.topic, sample["data"][event.key], envelope.id)


@every_event
def test_members_that_are_not_known_are_skipped(event: type[Event]) -> None:
    sample = golden(event.__name__)

    richer = {**_richer(sample), "dataschema": "https://example.org/later"}

    assert loaded(richer) == loaded(sample)


def _richer(value: Any) -> Any:
    """The same, with one more member in every object."""
    if isinstance(value, dict):
        return {**{name: _richer(each) for name, each in value.items()}, "added_later": {"deep": [1, None]}}
    return [_richer(each) for each in value] if isinstance(value, list) else value
