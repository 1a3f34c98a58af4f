"""How an event travels: a CloudEvents 1.0 envelope in structured JSON, and back."""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from shared import clock
from shared.errors import MalformedEventError, NeverError
from shared.events.base import Event
from shared.events.catalogue import type_name
from shared.store.port import Outgoing

MAX_BYTES = 1_000_000
MAX_ID = 400


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A received CloudEvent; `data` is not checked yet."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ID)]
    type: str
    time: str
    traceparent: Annotated[str, msgspec.Meta(max_length=MAX_ID)]
    data: dict[str, Any]


def seal(event: Event, *, event_id: str, service: str, now: str, traceparent: str) -> Outgoing:
    """The event, ready for the outbox. Raises NeverError for one that nobody would open."""
    key = getattr(event, event.key)
    body = {
        "specversion": "1.0",
        "id": event_id,
        "source": f"/schakel/{service}",
        "type": type_name(type(event)),
        "subject": key,
        "time": now,
        "partitionkey": key,
        "traceparent": traceparent,
        "datacontenttype": "application/json",
        "data": event,
    }
    sealed = msgspec.json.encode(body)
    if len(sealed) > MAX_BYTES or len(event_id) > MAX_ID:
        message = f"The event {event_id[:80]} is too long to be told: {len(sealed)} bytes of at most {MAX_BYTES}."
        raise NeverError(message)
    return Outgoing(id=event_id, topic=event.topic, key=key, body=sealed.decode(), at=now)


def open_envelope(value: bytes) -> Envelope:
    """The CloudEvent in a record's value. Raises MalformedEventError where there is none."""
    if len(value) > MAX_BYTES:
        message = f"{len(value)} bytes is more than an event may have ({MAX_BYTES})."
        raise MalformedEventError(message)
    try:
        envelope = msgspec.json.decode(value, type=Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"Not a CloudEvent: {error}"
        raise MalformedEventError(message) from error
    if not clock.is_instant(envelope.time):
        message = "Its time is not a UTC instant such as 2030-01-01T00:00:00.000Z."
        raise MalformedEventError(message)
    return envelope
