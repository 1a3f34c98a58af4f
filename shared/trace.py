"""The trace of what is being done now: a W3C `traceparent` that follows an order through all services.

The HTTP edge sets it for a request; events raised meanwhile carry it on, and workers pass it from event to event.
"""

from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("traceparent", default="")


def follow(traceparent: str) -> None:
    """What this thread does from here on belongs to this trace."""
    _current.set(traceparent)


def current() -> str:
    """The trace that is followed, empty where there is none."""
    return _current.get()
