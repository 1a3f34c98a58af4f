"""Identifiers and secrets, the only place where chance enters."""

import hashlib
import secrets
import uuid

_SPACE = uuid.UUID("6f0c7f8e-0d1b-4a5e-9a51-5c4a4b1e0f77")


def new_id() -> str:
    """A fresh random identifier, 32 hex digits."""
    return uuid.uuid4().hex


def derived_id(*parts: str) -> str:
    """The one identifier that these parts always give, 32 hex digits."""
    return uuid.uuid5(_SPACE, "\x1f".join(parts)).hex


def new_secret() -> str:
    """256 bits of randomness as URL-safe text."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """SHA-256 as hex. Secrets here are random 256-bit values, so no slow password hash is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


def new_traceparent() -> str:
    """A fresh W3C trace context, version 00, sampled."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
