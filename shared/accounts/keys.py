"""Keys: how they look, and who holds one.

A key reads `role_party_id_secret`; the secret is 256 random bits, so its SHA-256 digest can be stored plainly
fast. The operator's key is configured by its digest and belongs to no account.
"""

import hmac
from collections.abc import Callable

from shared import ids
from shared.accounts.domain import Account, Key
from shared.errors import ForbiddenError, UnauthenticatedError
from shared.http.doors import OPERATOR, Caller
from shared.store.aggregate import Kind, Ledger

_UNKNOWN = "This key is not known here, or was revoked. Check which kind of party it belongs to."
_PARTS = 4


def new_key(role: str, party_id: str, now: str) -> tuple[Key, str]:
    """A key to store, and the text to hand over once."""
    key_id, secret = ids.new_id()[:12], ids.new_secret()
    return Key(id=key_id, digest=ids.digest(secret), created_at=now), f"{role}_{party_id}_{key_id}_{secret}"


def authenticator(ledger: Ledger, kind: Kind[Account], role: str, operator_digest: str) -> Callable[[str], Caller]:
    """Tells who holds a key: the operator, or a party of this role. Raises UnauthenticatedError for any other."""

    def authenticate(token: str) -> Caller:
        if operator_digest and hmac.compare_digest(ids.digest(token), operator_digest):
            return Caller(party_id=OPERATOR, role=OPERATOR)
        parts = token.split("_", _PARTS - 1)
        if len(parts) != _PARTS or parts[0] != role:
            raise UnauthenticatedError("unknown_key", _UNKNOWN)
        saved = ledger.load(kind, parts[1])
        if saved is None or not _opens(saved.state, parts[2], parts[3]):
            raise UnauthenticatedError("unknown_key", _UNKNOWN)
        return _caller(saved.state, role)

    return authenticate


def _opens(account: Account, key_id: str, secret: str) -> bool:
    digest = ids.digest(secret)
    return any(
        each.id == key_id and each.revoked_at is None and hmac.compare_digest(each.digest, digest)
        for each in account.keys
    )


def _caller(account: Account, role: str) -> Caller:
    if account.status == "suspended":
        raise ForbiddenError("suspended", "The hub operator has suspended this party: please call the hub.")
    return Caller(party_id=account.kbo, role=role, approved=account.status == "approved", account=account)
