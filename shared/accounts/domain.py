"""Decisions on an account. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from shared.errors import ConflictError, NotFoundError
from shared.events.base import Event
from shared.values import Place

Status = Literal["waiting", "approved", "suspended"]
STATUSES: tuple[Status, ...] = ("waiting", "approved", "suspended")
MAX_KEYS = 20


@dataclass(frozen=True, kw_only=True)
class Key:
    """A key as it is kept: its secret only as a SHA-256 digest."""

    id: str
    digest: str
    created_at: str
    revoked_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class Account:
    """A party in one role. `kbo` is its id; `profile` holds what only this role has, as its service checked it."""

    kbo: str
    name: str
    email: str
    phone: str
    place: Place
    status: Status
    registered_at: str
    page_key: str
    keys: tuple[Key, ...] = ()
    profile: dict[str, Any] = field(default_factory=dict)


Decided = tuple[Account, Sequence[Event]]


def register(existing: Account | None, new: Account) -> Decided:
    """A party makes itself known; it waits for the operator. Refused where the number is known already."""
    if existing is not None:
        raise ConflictError(
            "already_registered",
            f"{new.kbo} is registered already. Lost your key? The hub operator can make you a new one.",
            field="kbo",
        )
    return new, ()


def change(account: Account | None, changes: Mapping[str, Any]) -> Decided:
    """New contact data or profile; members of the profile that are not named stay."""
    found = _existing(account)
    profile = {**found.profile, **changes.get("profile", {})}
    return replace(found, **{**changes, "profile": profile}), ()


def set_status(account: Account | None, status: Status) -> Decided:
    """The operator approves or suspends; doing so twice is harmless."""
    return replace(_existing(account), status=status), ()


def add_key(account: Account | None, key: Key) -> Decided:
    """One more key. Refused where the party has too many that still work."""
    found = _existing(account)
    if len([each for each in found.keys if each.revoked_at is None]) >= MAX_KEYS:
        raise ConflictError("too_many_keys", f"There are {MAX_KEYS} keys already: revoke one that is not used.")
    kept = tuple(each for each in found.keys if each.revoked_at is None)
    gone = tuple(each for each in found.keys if each.revoked_at is not None)[-MAX_KEYS:]
    return replace(found, keys=(*gone, *kept, key)), ()


def revoke_key(account: Account | None, key_id: str, now: str) -> Decided:
    """The key opens nothing any more; revoking it again is harmless."""
    found = _existing(account)
    if key_id not in {each.id for each in found.keys}:
        raise NotFoundError("no_such_key", "There is no key of this id: list the keys to see them.")
    keys = tuple(
        replace(each, revoked_at=now) if each.id == key_id and each.revoked_at is None else each for each in found.keys
    )
    return replace(found, keys=keys), ()


def _existing(account: Account | None) -> Account:
    if account is None:
        raise NotFoundError("no_such_party", "No such party, or it is not yours to see.")
    return account
