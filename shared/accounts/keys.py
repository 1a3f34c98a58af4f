"""Keys: how they look, and who holds one.

A key reads `role_party_id_secret`; the secret is 256 random bits, so its SHA-256 digest can be stored plainly
fast. The hub's own keys (the operator's, and the one that reads metrics) are configured by their digests and belong
to no account.
"""

import hmac
from collections.abc import Callable, Mapping

from shared import ids
from shared.accounts.domain import Account, Key
from shared.errors import ForbiddenError, UnauthenticatedError
from shared.http.doors import Caller
from shared.store.aggregate import Kind, Ledger

_UNKNOWN = "This key is not known here, or was revoked. Check which kind of party it belongs to."
_PARTS = 4
_NO_KEY = Key(id="", digest=ids.digest(""), created_at="", revoked_at="")


def new_key(role: str, party_id: str, now: str) -> tuple[Key, str]:
    """A key to store, and the text to hand over once."""
    key_id, secret = ids.new_id()[:12], ids.new_secret()
    return Key(id=key_id, digest=ids.digest(secret), created_at=now), f"{role}_{party_id}_{key_id}_{secret}"


def authenticator(
    ledger: Ledger, kind: Kind[Account], role: str, hub_keys: Mapping[str, str]
) -> Callable[[str], Caller]:
    """Tells who holds a key: a party of this role, or one of the hub's own. Raises UnauthenticatedError for any other.

    `hub_keys` are digests by role; an empty one opens nothing.
    """

    def authenticate(token: str) -> Caller:
        own = [name for name, digest in hub_keys.items() if digest and _same(ids.digest(token), digest)]
        if own:
            return Caller(party_id=own[0], role=own[0])
        parts = token.split("_", _PARTS - 1)
        if len(parts) != _PARTS or parts[0] != role:
            raise UnauthenticatedError("unknown_key", _UNKNOWN)
        saved = ledger.load(kind, parts[1])
        return _caller(_opened(saved.state if saved else None, parts[2], parts[3]), role)

    return authenticate


def _opened(account: Account | None, key_id: str, secret: str) -> Account:
    """The account, where the key opens it. Without account or key as much is done as with, and the same is said."""
    keys = account.keys if account else ()
    key = next((each for each in keys if each.id == key_id), _NO_KEY)
    fits = _same(ids.digest(secret), key.digest)
    if account is None or key.revoked_at is not None or not fits:
        raise UnauthenticatedError("unknown_key", _UNKNOWN)
    return account


def _same(one: str, other: str) -> bool:
    """In the same time wherever they differ; bytes, since a digest that was set by hand may hold anything."""
    return hmac.compare_digest(one.encode(), other.encode())


def _caller(account: Account, role: str) -> Caller:
    if account.status == "suspended":
        raise ForbiddenError("suspended", "The hub operator has suspended this party: please call the hub.")
    return Caller(party_id=account.kbo, role=role, approved=account.status == "approved", account=account)
