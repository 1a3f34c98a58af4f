"""Identifiers and secrets, the only place where chance enters."""

import base64
import hashlib
import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Source = Callable[[int], bytes]

_SPACE = uuid.UUID("6f0c7f8e-0d1b-4a5e-9a51-5c4a4b1e0f77")
_SECRET_BYTES = 32
_source: ContextVar[Source] = ContextVar("source", default=secrets.token_bytes)


@contextmanager
def drawn_from(source: Source) -> Iterator[None]:
    """Meanwhile, in this context, chance comes from `source`: so the simulator repeats a history byte for byte."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def new_id() -> str:
    """A fresh random identifier, 32 hex digits."""
    return uuid.UUID(bytes=_draw(16), version=4).hex


def derived_id(*parts: str) -> str:
    """The one identifier that these parts always give, 32 hex digits."""
    return uuid.uuid5(_SPACE, "\x1f".join(parts)).hex


def new_secret() -> str:
    """256 bits of randomness as URL-safe text."""
    return base64.urlsafe_b64encode(_draw(_SECRET_BYTES)).rstrip(b"=").decode()


def digest(text: str) -> str:
    """SHA-256 as hex. Secrets here are random 256-bit values, so no slow password hash is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_traceparent() -> str:
    """A fresh W3C trace context, version 00, sampled."""
    return f"00-{_draw(16).hex()}-{_draw(8).hex()}-01"


def _draw(size: int) -> bytes:
    return _source.get()(size)
