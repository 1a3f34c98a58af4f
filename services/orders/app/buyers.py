"""What orders need to know of a buyer: its name and where it wants its goods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.orders.domain.order import DeliveryPlace
from shared.accounts.domain import Account
from shared.errors import InvalidError
from shared.values import Place

_ADDRESS = ("street", "postcode", "town", "lat", "lon")


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """A buyer, as orders know it; it has at least one place."""

    id: str
    name: str
    places: tuple[DeliveryPlace, ...]


def buyer_of(account: Account) -> Buyer:
    """The buyer with this account."""
    listed: Sequence[Mapping[str, Any]] = account.profile.get("delivery_places", ())
    return Buyer(id=account.kbo, name=account.name, places=tuple(_place(each) for each in listed))


def place_of(buyer: Buyer, place_id: str | None, field: str) -> DeliveryPlace:
    """The delivery place of this id, the first where none is named. Raises InvalidError for one that is not there."""
    found = [place for place in buyer.places if place_id in (None, place.id)]
    if not found:
        ids = ", ".join(place.id for place in buyer.places)
        raise InvalidError("no_such_place", f"You have no such delivery place: choose one of {ids}.", field=field)
    return found[0]


def _place(listed: Mapping[str, Any]) -> DeliveryPlace:
    address = Place(**{name: listed[name] for name in _ADDRESS})
    return DeliveryPlace(id=listed["id"], name=listed["name"], place=address)
