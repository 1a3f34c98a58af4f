"""Conditions on requests: the same POST twice has one effect, and a change may insist on what it has read."""

from flask import request
from flask_smorest import Blueprint

from shared import ids
from shared.errors import InvalidError
from shared.http.doors import View, caller

_KEY_LENGTHS = range(8, 201)
_TAG_DIGITS = 18


def repeatable(view: View) -> View:
    """Describes that a POST heeds an Idempotency-Key."""
    header = {
        "in": "header",
        "name": "Idempotency-Key",
        "description": "Send the same one again after a lost answer: nothing happens twice. A UUID will do.",
        "schema": {"type": "string", "minLength": _KEY_LENGTHS.start, "maxLength": _KEY_LENGTHS.stop - 1},
    }
    return Blueprint.doc(parameters=[header])(view)  # type: ignore[no-any-return]  # flask-smorest has no types


def fresh_id() -> str:
    """The id of what a POST creates: always the same one for the same caller, address and Idempotency-Key.

    Without that header every POST creates anew.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ids.new_id()
    if len(key) not in _KEY_LENGTHS or not key.isprintable():
        raise InvalidError(
            "bad_idempotency_key",
            "An Idempotency-Key has 8 to 200 printable characters; a UUID will do.",
            field="Idempotency-Key",
        )
    return ids.derived_id(caller().party_id, request.path, key)


def fingerprint() -> str:
    """Tells one body from another."""
    return ids.digest(request.get_data(as_text=True))


def check_same(stored_fingerprint: str) -> None:
    """Refuses an Idempotency-Key that came with another body before."""
    if stored_fingerprint != fingerprint():
        raise InvalidError(
            "idempotency_key_reused",
            "This Idempotency-Key was used with another body. Use a fresh key for a new request.",
            field="Idempotency-Key",
        )


def if_match() -> int | None:
    """The version that the caller insists on, None where it does not."""
    tags = request.if_match
    if not tags or tags.star_tag:
        return None
    tag = next(iter(tags.as_set()), "")
    if not (tag.isascii() and tag.isdigit()) or len(tag) > _TAG_DIGITS:
        raise InvalidError("bad_if_match", 'If-Match takes the ETag of a GET, such as "3".', field="If-Match")
    return int(tag)


def etag(version: int) -> dict[str, str]:
    """The header that names a version."""
    return {"ETag": f'"{version}"'}
