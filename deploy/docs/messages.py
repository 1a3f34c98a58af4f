"""What travels, as AsyncAPI describes it: a message for every event type, the envelope, and dead letters."""

from typing import Any

from deploy.docs.payloads import PREFIX, Schema, sentence
from shared.events.base import Event
from shared.events.catalogue import EVENTS, type_name

Document = dict[str, Any]

MIME = "application/cloudevents+json"
BINDING = "0.5.0"  # the version of AsyncAPI's Kafka bindings


def messages() -> Document:
    """Name → message, for every type of the catalogue and for dead letters."""
    return {**{each.__name__: _message(each) for each in EVENTS}, "DeadLetter": _dead_letter()}


def _message(event: type[Event]) -> Document:
    own = {
        "type": {"const": type_name(event)},
        "source": {"const": f"/schakel/{event.service}"},
        "data": {"$ref": PREFIX + event.__name__},
    }
    return {
        "name": type_name(event),
        "title": event.__name__,
        "summary": sentence(event).split("\n\n", maxsplit=1)[0],
        "contentType": MIME,
        "correlationId": {"location": "$message.payload#/traceparent", "description": "Follows an order everywhere"},
        "bindings": {"kafka": {"key": _key(event.key), "bindingVersion": BINDING}},
        "payload": {"allOf": [{"$ref": f"{PREFIX}CloudEvent"}, {"type": "object", "properties": own}]},
    }


def _key(name: str) -> Schema:
    return {"type": "string", "description": f"The `{name}` of the data"}


def _dead_letter() -> Document:
    members = {
        "reason": "Why it could not be handled",
        "topic": "Where it came from",
        "partition": "Its partition there",
        "offset": "Its offset there",
        "cut": "Only where key or value were too long: how long they were",
    }
    headers = {name: {"type": "string", "description": about} for name, about in members.items()}
    return {
        "name": "DeadLetter",
        "title": "Dead letter",
        "summary": "A record's own key and value, whatever they are; what became of it is in the headers.",
        "contentType": "application/octet-stream",
        "headers": {"type": "object", "required": [each for each in headers if each != "cut"], "properties": headers},
        "payload": {"description": "Any bytes"},
        "bindings": {"kafka": {"key": {"type": "string"}, "bindingVersion": BINDING}},
    }


def cloud_event() -> Schema:
    """The schema of the envelope, with `data` still open."""
    members: dict[str, Schema] = {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "description": "collection/document/version/number: the same decision, the same id"},
        "source": {"type": "string"},
        "type": {"type": "string"},
        "subject": {"type": "string", "description": "What it is about: the value of the topic's key"},
        "time": {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"},
        "partitionkey": {"type": "string", "description": "As `subject`"},
        "traceparent": {"type": "string", "description": "W3C trace context, or empty"},
        "datacontenttype": {"const": "application/json"},
        "data": {"type": "object"},
    }
    about = "The envelope: CloudEvents 1.0 with the partitioning and distributed tracing extensions."
    return {"type": "object", "description": about, "required": list(members), "properties": members}
