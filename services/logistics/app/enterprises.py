"""Enterprises as decisions see them, from their accounts."""

import msgspec

from services.logistics.domain.enterprise import Enterprise, Profile
from shared.accounts.domain import Account


def enterprise_of(account: Account) -> Enterprise:
    """The enterprise with this account."""
    profile = msgspec.convert(account.profile, Profile)
    return Enterprise(id=account.kbo, name=account.name, base=account.place, profile=profile)
