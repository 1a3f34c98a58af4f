"""What is not an event of the catalogue's shape is refused as malformed, and never in any other way."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import MalformedEventError
from shared.events.base import Event
from shared.events.catalogue import BY_TYPE, EVENTS
from shared.events.envelope import MAX_BYTES, open_envelope
from shared.events.schemas import MAX_ITEMS, MAX_TEXT, load_event, schema_of
from tests.unit.events.samples import VALUES, Steps, golden, parent, paths, put, raw, without

JOB_DONE = "schakel.logistics.JobDone.v1"
ENVELOPE = {"id": "jobs/1/1/0", "type": JOB_DONE, "time": "2030-01-01T00:00:00.000Z", "traceparent": "", "data": {}}

relaxed = settings(deadline=None, max_examples=60)

every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)


def receive(value: bytes) -> Event | None:
    envelope = open_envelope(value)
    return load_event(envelope.type, envelope.data)


def refused(value: bytes) -> str:
    with pytest.raises(MalformedEventError) as caught:
        receive(value)
    return str(caught.value)


def optional(event: Any) -> set[str]:
    """Names of the members anywhere in the event that may be left out."""
    schema = schema_of(event)()
    found, waiting = set(), [schema]
    while waiting:
        for name, field in waiting.pop().fields.items():
            inner = getattr(field, "inner", field)
            waiting += [inner.schema] if hasattr(inner, "schema") else []
            found |= set() if field.required else {name}
    return found


@every_event
def test_a_missing_member_is_refused_and_named(event: type[Event]) -> None:
    sample = golden(event.__name__)
    for path in paths(sample["data"]):
        if isinstance(path[-1], str) and path[-1] not in optional(event):
            assert path[-1] in refused(raw({**sample, "data": without(sample["data"], path)}))


@every_event
def test_a_member_of_another_kind_is_refused(event: type[Event]) -> None:
    sample = golden(event.__name__)
    for path in paths(sample["data"]):
        was = parent(sample["data"], path)[path[-1]]
        for value in VALUES:
            if not _may_be(was, value):
                refused(raw({**sample, "data": put(sample["data"], path, value)}))


@pytest.mark.parametrize(
    ("event", "path", "value"),
    [
        ("OrderConfirmed", ("place", "lat"), "50.8"),
        ("OrderConfirmed", ("packed",), 1),
        ("OrderConfirmed", ("packed",), 0.0),
    ],
)
def test_numbers_as_text_and_truth_as_numbers_are_refused(event: str, path: Steps, value: Any) -> None:
    sample = golden(event)

    refused(raw({**sample, "data": put(sample["data"], path, value)}))


def _may_be(was: Any, value: Any) -> bool:
    """Whether the value might be fine where that one is: of its kind, or absent."""
    numbers = isinstance(was, float) and isinstance(value, int | float) and not isinstance(value, bool)
    alike = type(was) is type(value) and value not in ([None], {}, {"a": 1})
    return value is None or was is None or numbers or alike


@pytest.mark.parametrize(
    ("event", "path", "value"),
    [
        ("JobDone", ("lines", 0, "count"), 2**63),
        ("JobDone", ("lines", 0, "count"), -(2**63) - 1),
        ("JobDone", ("lines", 0, "count"), 10**400),
        ("JobDone", ("lines", 0, "count"), 1.0),
        ("JobDone", ("lines", 0, "count"), "2"),
        ("JobDone", ("lines", 0, "count"), True),
        ("JobDone", ("lines", 0, "count"), float("nan")),
        ("JobDone", ("lines",), [golden("JobDone")["data"]["lines"][0]] * (MAX_ITEMS + 1)),
        ("JobDone", ("kind",), "teleport"),
        ("JobDone", ("short_stock",), "somewhere"),
        ("JobDone", ("enterprise_id",), None),
        ("JobDropped", ("reason",), "x" * (MAX_TEXT + 1)),
        ("JobDropped", ("reason",), "x" * MAX_BYTES),
        ("JobDropped", ("reason",), "\ud800"),
        ("OrderConfirmed", ("place", "lat"), float("inf")),
        ("OrderConfirmed", ("place", "lat"), float("nan")),
        ("OrderConfirmed", ("packed",), "true"),
    ],
)
def test_values_out_of_bounds_are_refused(event: str, path: Steps, value: Any) -> None:
    sample = golden(event)

    refused(raw({**sample, "data": put(sample["data"], path, value)}))


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\xff\xfe",
        "{}".encode("utf-16"),
        b"\x00",
        b"null",
        b"[]",
        b'"event"',
        b"{}",
        b"NaN",
        b'{"id": 1}',
        b"[" * 100_000,
        b'{"data":' * 100_000,
        b"{" + b" " * MAX_BYTES + b"}",
        raw(ENVELOPE)[:-1],
        raw(ENVELOPE) + b"x",
        raw({**ENVELOPE, "data": None}),
        raw({**ENVELOPE, "data": []}),
        raw({**ENVELOPE, "data": "{}"}),
        raw({**ENVELOPE, "time": 1}),
        raw({**ENVELOPE, "data": {"reason": float("nan")}}),
        raw(ENVELOPE).replace(b"jobs/1", b"jobs/\xc3\x28"),
        raw(ENVELOPE).replace(b"{}", b'{"deep":' * 50_000 + b"1" + b"}" * 50_000),
        raw(ENVELOPE).replace(b"{}", b'{"lines":' + b"[" * 900 + b"]" * 900 + b"}"),
        *(raw({name: value for name, value in ENVELOPE.items() if name != gone}) for gone in ENVELOPE),
    ],
    ids=lambda value: f"{len(value)}-{value[:24]!r}",
)
def test_what_is_no_cloud_event_is_refused(value: bytes) -> None:
    assert refused(value)


def test_the_reason_of_a_refusal_stays_short() -> None:
    data: dict[str, Any] = {"lines": [{}] * MAX_ITEMS, "short": [{}] * MAX_ITEMS}

    assert len(refused(raw({**ENVELOPE, "data": data}))) < 1_100


def test_a_type_that_is_not_in_the_catalogue_is_no_event_and_no_error() -> None:
    assert receive(raw({**ENVELOPE, "type": "schakel.logistics.JobDone.v2"})) is None
    assert receive(raw({**ENVELOPE, "type": ""})) is None


def receives_or_refuses(value: bytes) -> None:
    try:
        receive(value)
    except MalformedEventError:
        return


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@relaxed
@given(value=st.binary(max_size=400))
def test_random_bytes_are_refused_as_malformed(value: bytes) -> None:
    refused(value)


@relaxed
@given(value=anything)
def test_random_json_is_refused_as_malformed(value: Any) -> None:
    refused(json.dumps(value, ensure_ascii=True).encode())


@relaxed
@given(type_=st.sampled_from(sorted(BY_TYPE)), data=st.dictionaries(st.text(max_size=10), anything, max_size=6))
def test_random_data_of_a_known_type_is_refused_as_malformed(type_: str, data: dict[str, Any]) -> None:
    refused(raw({**ENVELOPE, "type": type_, "data": data}))


@relaxed
@given(data=st.data(), event=st.sampled_from(EVENTS), value=anything)
def test_a_sample_with_one_value_replaced_is_received_or_refused_as_malformed(
    data: st.DataObject, event: type[Event], value: Any
) -> None:
    sample = golden(event.__name__)
    path = data.draw(st.sampled_from(list(paths(sample))))

    receives_or_refuses(raw(put(sample, path, value)))


@relaxed
@given(event=st.sampled_from(EVENTS), cut=st.integers(0, 2_000), noise=st.binary(max_size=4))
def test_a_sample_that_was_damaged_on_the_way_is_received_or_refused_as_malformed(
    event: type[Event], cut: int, noise: bytes
) -> None:
    value = raw(golden(event.__name__))
    at = cut % len(value)

    receives_or_refuses(value[:at] + noise + value[at + len(noise) :])
