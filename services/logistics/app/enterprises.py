"""Enterprises as decisions see them, from their accounts."""

import msgspec

from services.logistics.app.kinds import ENTERPRISE
from services.logistics.domain.enterprise import Enterprise, Profile
from shared.errors import NotFoundError
from shared.store.aggregate import Ledger


def enterprise_of(ledger: Ledger, party_id: str) -> Enterprise:
    """The enterprise with this account. Raises NotFoundError."""
    saved = ledger.load(ENTERPRISE, party_id)
    if saved is None:
        raise NotFoundError("no_such_party", "No such party, or it is not yours to see.")
    account = saved.state
    profile = msgspec.convert(account.profile, Profile)
    return Enterprise(id=account.kbo, name=account.name, base=account.place, profile=profile)
