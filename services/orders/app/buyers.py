"""What orders need to know of a buyer: its name and where it wants its goods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.orders.app.kinds import BUYER
from services.orders.domain.order import DeliveryPlace
from shared.errors import InvalidError, NotFoundError
from shared.store.aggregate import Ledger
from shared.values import Place

_ADDRESS = ("street", "postcode", "town", "lat", "lon")


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """A buyer, as orders know it; it has at least one place."""

    id: str
    name: str
    places: tuple[DeliveryPlace, ...]


def load_buyer(ledger: Ledger, buyer_id: str) -> Buyer:
    """Raises NotFoundError where there is no such buyer."""
    saved = ledger.load(BUYER, buyer_id)
    if saved is None:
        raise NotFoundError("no_such_party", "No such party, or it is not yours to see.")
    listed: Sequence[Mapping[str, Any]] = saved.state.profile.get("delivery_places", ())
    return Buyer(id=buyer_id, name=saved.state.name, places=tuple(_place(each) for each in listed))


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
