"""Dead letters: what a service could not read, with the reason, until somebody looks and sends it back.

Every service that reads a topic puts its own letter about the same record; here they are one. That it was sent back
is recorded beside it, by a record whose header `replayed` names where it came from. So everybody knows, and it is
sent back once, however often that is asked. A crash between the two writes can send it twice, which the services
bear like any repetition.
"""

from dataclasses import dataclass

from deploy.hub.trouble import HubError
from shared.bus.brokers import Where
from shared.bus.topics import DEAD_LETTERS, Record, read_topic, send
from shared.events.catalogue import TOPICS

_REPLAYED = "replayed"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One dead letter; `id` names it in commands, `topic` is where it belongs, `origin` where on it it lay.

    `reasons` are those of every service that could not read it.
    """

    id: str
    topic: str
    origin: str
    reasons: tuple[str, ...]
    replayed: bool
    record: Record


def require_topic(topic: str) -> str:
    """The topic itself. Raises HubError where it is none of the catalogue."""
    if topic in TOPICS:
        return topic
    message = f"There is no topic '{topic}'. There are: {', '.join(TOPICS)}."
    raise HubError(message)


def letters(brokers: Where, topic: str) -> list[Letter]:
    """The dead letters of one topic, the oldest first."""
    by_origin: dict[str, list[Record]] = {}
    replayed: set[str] = set()
    for record in read_topic(brokers, topic + DEAD_LETTERS):
        if _REPLAYED in record.headers:
            replayed.add(record.headers[_REPLAYED])
        else:
            by_origin.setdefault(_origin(record), []).append(record)
    return [_letter(topic, origin, copies, replayed) for origin, copies in by_origin.items()]


def _letter(topic: str, origin: str, copies: list[Record], replayed: set[str]) -> Letter:
    first = copies[0]
    reasons = dict.fromkeys(copy.headers.get("reason", "No reason was given.") for copy in copies)
    return Letter(
        id=f"{topic}:{first.partition}:{first.offset}",
        topic=topic,
        origin=origin,
        reasons=tuple(reasons),
        replayed=origin in replayed,
        record=first,
    )


def _origin(record: Record) -> str:
    """Where the record lay that the letter is about; the letter's own place where that was not noted."""
    noted = [record.headers.get(name, "") for name in ("topic", "partition", "offset")]
    return ":".join(noted) if all(noted) else f"{record.topic}:{record.partition}:{record.offset}"


def find(brokers: Where, letter_id: str) -> Letter:
    """The letter of this id. Raises HubError where there is none."""
    topic = require_topic(letter_id.partition(":")[0])
    for letter in letters(brokers, topic):
        if letter.id == letter_id:
            return letter
    message = f"There is no dead letter '{letter_id}'. `schakel dlq list {topic}` shows what there is."
    raise HubError(message)


def replay(brokers: Where, letter: Letter) -> bool:
    """Sends it back to its topic; False, and nothing done, where that was done before."""
    if letter.replayed:
        return False
    old = letter.record
    again = Record(topic=letter.topic, partition=0, offset=0, at=0, key=old.key, value=old.value)
    mark = {_REPLAYED: letter.origin}
    done = Record(topic=old.topic, partition=0, offset=0, at=0, key=old.key, value=b"", headers=mark)
    send(brokers, again)
    send(brokers, done)
    return True
