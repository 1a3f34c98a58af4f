"""One aggregate while decisions are folded into it, in memory; nothing is stored before its `write` is."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from shared.errors import NeverError, UnstorableError
from shared.events.base import Event
from shared.events.envelope import seal
from shared.store.port import Document, Outgoing, Write

INBOX_SIZE = 64
_UNREAD = object()


class Fold:
    """The aggregate of this id, of which `document` is stored (None: nothing yet); `state` is the class of its state.

    A document that cannot be read fails who asks of it, and nobody else in its batch.
    """

    def __init__(self, collection: str, id_: str, state: type[Any], document: Document | None) -> None:
        self._place = f"{collection}/{id_}"
        self._id = id_
        self._class = state
        self._document = document
        self._state: Any = _UNREAD
        self._before = document.inbox if document else ()
        self._inbox = self._before
        self._events: list[tuple[Event, str]] = []
        self._changed = False

    @property
    def state(self) -> Any:  # noqa: ANN401  # an instance of the class
        """As it is after the decisions so far."""
        if self._state is _UNREAD:
            self._state = None if self._document is None else msgspec.convert(self._document.state, self._class)
        return self._state

    @property
    def version(self) -> int:
        """As it is once `write` is stored."""
        return (self._document.version if self._document else 0) + self._changed

    def apply(
        self, decision: Callable[[Any], tuple[Any, Sequence[Event]]], message_id: str | None, traceparent: str
    ) -> None:
        """Takes one decision, unless its message was handled by an earlier write; one message may ask several."""
        if message_id is not None and message_id in self._before:
            return
        before = self.state
        state, events = decision(before)
        if state == before and not events:
            return
        self._state = state
        self._changed = True
        self._events += [(event, traceparent) for event in events]
        if message_id is not None and message_id not in self._inbox[-1:]:
            self._inbox = (*self._inbox, message_id)[-INBOX_SIZE:]

    def write(self, service: str, now: str) -> Write | None:
        """What is to be stored, None where nothing changed. Raises UnstorableError."""
        if not self._changed or self.state is None:
            return None
        try:
            outgoing = tuple(self._seal(each, n, service, now) for n, each in enumerate(self._events))
            state = msgspec.to_builtins(self.state)
        except (NeverError, UnicodeError, TypeError) as error:
            raise UnstorableError({self._id: str(error)}) from error
        return Write(id=self._id, version=self.version, state=state, inbox=self._inbox, outgoing=outgoing)

    def _seal(self, raised: tuple[Event, str], number: int, service: str, now: str) -> Outgoing:
        """The event's id says which document's which version raised it: the same decision, the same id."""
        event, traceparent = raised
        event_id = f"{self._place}/{self.version}/{number}"
        return seal(event, event_id=event_id, service=service, now=now, traceparent=traceparent)
