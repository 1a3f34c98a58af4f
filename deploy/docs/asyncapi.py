"""The AsyncAPI 3.0 document of all events: what travels where, who sends it, and who receives it."""

import sys
from collections.abc import Sequence
from itertools import product
from typing import Any

from deploy.docs.messages import BINDING, MIME, cloud_event, messages
from deploy.docs.payloads import schemas_of, sentence
from shared import clock
from shared.bus.topics import DEAD_LETTERS, all_topics
from shared.config import DEFAULT_BOOTSTRAP, Settings
from shared.events.base import Event
from shared.events.catalogue import EVENTS, TOPICS
from shared.events.envelope import MAX_BYTES
from shared.hub import DEFAULT_HUB
from shared.store.aggregate import Ledger
from shared.store.memory import MemoryStore
from shared.wiring import Service

Document = dict[str, Any]

_ABOUT = f"""What the services of a Schakel hub tell each other.

Every event is a CloudEvent 1.0 in structured JSON mode, the value of one record of at most {MAX_BYTES} bytes; the
record's key is the event's `partitionkey`. Records of one key keep their order; there is none between topics, and any
record may come twice: receivers bear both. Members that a receiver does not know it skips, and so it does with
types. What cannot be read, or not be decided on, goes to the topic's dead letters with the reason.

A change of a type only adds members; a changed meaning is a new version of the type."""


def document(services: Sequence[Service]) -> Document:
    """The whole document."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Schakel events",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "AGPL-3.0-or-later"},
        },
        "defaultContentType": MIME,
        "servers": {"oneMachine": _server()},
        "channels": _channels(),
        "operations": _operations(services),
        "components": {"messages": messages(), "schemas": {"CloudEvent": cloud_event(), **schemas_of(EVENTS)}},
    }


def heard(service: Service, topic: str) -> list[type[Event]]:
    """The types on this topic that the service handles, in the catalogue's order."""
    ledger = Ledger(MemoryStore(), service.name, clock.now)
    handled = service.handlers(ledger, DEFAULT_HUB)
    return [each for each in _on(topic) if each in handled] if topic in service.consumes else []


def _server() -> Document:
    return {
        "host": DEFAULT_BOOTSTRAP,
        "protocol": "kafka",
        "description": "The broker that `schakel up` starts; elsewhere KAFKA_BOOTSTRAP_SERVERS names it.",
    }


def _channels() -> Document:
    specs = all_topics(Settings().topic_partitions)
    return {spec.name: _channel(spec.name, spec.partitions, spec.retention_ms) for spec in specs}


def _channel(name: str, partitions: int, retention_ms: int) -> Document:
    topic = name.removesuffix(DEAD_LETTERS)
    kafka = {"partitions": partitions, "topicConfiguration": {"retention.ms": retention_ms}, "bindingVersion": BINDING}
    common = {"address": name, "bindings": {"kafka": kafka}}
    if name != topic:
        about = f"Records of `{topic}` that could not be handled, as they came, with the reason."
        return {**common, "description": about, "messages": {"DeadLetter": _ref("messages", "DeadLetter")}}
    mine = {each.__name__: _ref("messages", each.__name__) for each in _on(topic)}
    return {**common, "description": sentence(sys.modules[_on(topic)[0].__module__]), "messages": mine}


def _on(topic: str) -> list[type[Event]]:
    return [each for each in EVENTS if each.topic == topic]


def _operations(services: Sequence[Service]) -> Document:
    found: Document = {}
    for service, topic in product(services, TOPICS):
        told = [each for each in _on(topic) if each.service == service.name]
        if told:
            found[f"{service.name}.send.{topic}"] = {**_operation("send", topic, told), **_tagged(service.name)}
        if taken := heard(service, topic):
            found[f"{service.name}.receive.{topic}"] = _receive(service, topic, taken)
            spoilt = {**_dead_letters("send", topic), **_tagged(service.name)}
            found[f"{service.name}.send.{topic}{DEAD_LETTERS}"] = spoilt
    return found | {f"operator.receive.{topic}{DEAD_LETTERS}": _dead_letters("receive", topic) for topic in TOPICS}


def _tagged(name: str) -> Document:
    return {"tags": [{"name": name}]}


def _operation(action: str, topic: str, events: Sequence[type[Event]]) -> Document:
    refs = [{"$ref": f"#/channels/{topic}/messages/{each.__name__}"} for each in events]
    return {"action": action, "channel": {"$ref": f"#/channels/{topic}"}, "messages": refs}


def _receive(service: Service, topic: str, events: Sequence[type[Event]]) -> Document:
    group = {"type": "string", "enum": [service.group]}
    bindings = {"kafka": {"groupId": group, "bindingVersion": BINDING}}
    return {**_operation("receive", topic, events), **_tagged(service.name), "bindings": bindings}


def _dead_letters(action: str, topic: str) -> Document:
    channel = topic + DEAD_LETTERS
    about = "What the service cannot handle." if action == "send" else "`schakel dlq` shows them, and can replay them."
    refs = [{"$ref": f"#/channels/{channel}/messages/DeadLetter"}]
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}, "summary": about, "messages": refs}


def _ref(kind: str, name: str) -> Document:
    return {"$ref": f"#/components/{kind}/{name}"}
