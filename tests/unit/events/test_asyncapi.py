"""docs/asyncapi.yaml is what the code is, is AsyncAPI 3.0, and says of payloads what loading enforces."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator  # type: ignore[import-untyped]  # has none

from deploy.docs.asyncapi import document, heard
from deploy.docs.made import SERVICES, made
from shared.errors import MalformedEventError
from shared.events.base import Event
from shared.events.catalogue import EVENTS, TOPICS, type_name
from shared.events.envelope import open_envelope
from shared.events.jobs import JobDone
from shared.events.schemas import MAX_ITEMS, MAX_TEXT, load_event
from shared.hub import DEFAULT_HUB
from shared.store.aggregate import Ledger
from shared.store.memory import MemoryStore
from tests.unit.events.samples import VALUES, Steps, golden, parent, paths, put, raw
from tests.unit.events.shape import DOCUMENT

ROOT = Path(__file__).parents[3]
NOW = "2030-01-01T00:00:00.000Z"

every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The document that is committed."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def asyncapi_3() -> Draft7Validator:
    return Draft7Validator(DOCUMENT)


def payload_validator(described: dict[str, Any], event: type[Event]) -> Draft7Validator:
    where = f"#/components/messages/{event.__name__}/payload"
    return Draft7Validator({"$ref": where, "components": described["components"]})


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from [value["$ref"]] if "$ref" in value else []
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from references(each)


def resolve(described: dict[str, Any], reference: str) -> Any:
    found: Any = described
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_the_committed_document_is_the_one_that_the_code_makes() -> None:
    committed = (ROOT / "docs" / "asyncapi.yaml").read_text(encoding="utf-8")

    assert committed == made()["docs/asyncapi.yaml"], "Run `python -m deploy.docs` and commit what it writes."


def test_it_is_asyncapi_3(described: dict[str, Any], asyncapi_3: Draft7Validator) -> None:
    assert [f"{fault.json_path}: {fault.message}" for fault in asyncapi_3.iter_errors(described)] == []


@pytest.mark.parametrize(
    "path",
    [
        ("info", "title"),
        ("channels", "lots", "messages", "LotListed", "$ref"),
        ("operations", "orders.send.orders", "action"),
        ("operations", "orders.send.orders", "channel"),
        ("components", "messages", "LotListed", "correlationId", "location"),
        ("components", "schemas", "Place", "properties", "lat", "type"),
    ],
)
def test_the_check_of_asyncapi_3_sees_faults(
    described: dict[str, Any], asyncapi_3: Draft7Validator, path: tuple[str, ...]
) -> None:
    broken = copy.deepcopy(described)
    parent(broken, path)[path[-1]] = 7

    assert not asyncapi_3.is_valid(broken)


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    found = set(references(described))

    assert len(found) > len(EVENTS)
    assert all(isinstance(resolve(described, reference), dict) for reference in found)


def test_nothing_is_described_that_nothing_refers_to(described: dict[str, Any]) -> None:
    named = {f"#/components/{kind}/{name}" for kind, those in described["components"].items() for name in those}

    assert named - set(references(described)) == set()


def test_every_topic_has_a_channel_and_a_channel_for_its_dead_letters(described: dict[str, Any]) -> None:
    assert set(described["channels"]) == {*TOPICS, *(f"{topic}.dlq" for topic in TOPICS)}
    assert all(name == channel["address"] for name, channel in described["channels"].items())


@every_event
def test_every_event_is_on_its_channel_and_sent_by_its_service(described: dict[str, Any], event: type[Event]) -> None:
    sent = described["operations"][f"{event.service}.send.{event.topic}"]
    message = described["channels"][event.topic]["messages"][event.__name__]

    assert {"$ref": f"#/channels/{event.topic}/messages/{event.__name__}"} in sent["messages"]
    assert resolve(described, message["$ref"])["name"] == type_name(event)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_service_hears_all_that_it_handles_on_topics_that_it_reads(service: Any) -> None:
    handled = set(service.handlers(Ledger(MemoryStore(), service.name, lambda: NOW), DEFAULT_HUB))

    assert {event.topic for event in handled} == set(service.consumes)
    assert {event for topic in TOPICS for event in heard(service, topic)} == handled


def test_the_document_does_not_depend_on_anything_but_the_code() -> None:
    assert document(SERVICES) == document(SERVICES)


@every_event
def test_a_golden_sample_fits_its_description(described: dict[str, Any], event: type[Event]) -> None:
    validator = payload_validator(described, event)

    assert [fault.message for fault in validator.iter_errors(golden(event.__name__))] == []


@every_event
def test_what_the_description_allows_is_what_loading_takes(described: dict[str, Any], event: type[Event]) -> None:
    sample = golden(event.__name__)
    validator = payload_validator(described, event)

    for path in paths(sample["data"]):
        for value in (*VALUES, 2**63):
            changed = {**sample, "data": put(sample["data"], path, value)}
            assert validator.is_valid(changed) == _loads(changed), (path, value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("order_id",), "x" * MAX_TEXT),
        (("order_id",), "x" * (MAX_TEXT + 1)),
        (("lines",), golden("JobDone")["data"]["lines"] * MAX_ITEMS),
        (("lines",), golden("JobDone")["data"]["lines"] * (MAX_ITEMS + 1)),
        (("lines", 0, "count"), 2**63 - 1),
        (("lines", 0, "count"), -(2**63)),
        (("lines", 0, "count"), -(2**63) - 1),
    ],
    ids=lambda each: str(each)[:24],
)
def test_the_description_has_the_bounds_of_loading(described: dict[str, Any], path: Steps, value: Any) -> None:
    sample = golden("JobDone")
    changed = {**sample, "data": put(sample["data"], path, value)}

    assert payload_validator(described, JobDone).is_valid(changed) == _loads(changed)


def _loads(sample: dict[str, Any]) -> bool:
    envelope = open_envelope(raw(sample))
    try:
        return load_event(envelope.type, envelope.data) is not None
    except MalformedEventError:
        return False
