"""What reactions have in common: the event that they take, and one step a lot."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from services.producers.app.kinds import LOT
from services.producers.domain.lot import Decided, Lot
from shared.consumer import Message
from shared.errors import NeverError
from shared.events.base import Event
from shared.store.aggregate import Step, no_change

E = TypeVar("E", bound=Event)


class _OfLot(Protocol):
    @property
    def lot_id(self) -> str: ...


L = TypeVar("L", bound=_OfLot)


def data_of(message: Message, cls: type[E]) -> E:
    """The message's event, which the table of handlers promises to be of this type."""
    if not isinstance(message.data, cls):
        raise NeverError(f"{message.type} came to the handler of {cls.__name__}.")
    return message.data


def by_lot(lines: Iterable[L]) -> dict[str, tuple[L, ...]]:
    """The lines by lot: what one message asks of a lot is one decision, since the lot's inbox takes it once."""
    grouped: dict[str, list[L]] = defaultdict(list)
    for line in lines:
        grouped[line.lot_id].append(line)
    return {lot_id: tuple(mine) for lot_id, mine in grouped.items()}


def on_lot(lot_id: str, decide: Callable[[Lot], Decided]) -> Step:
    """A step on a lot; where there is no such lot, nothing happens."""
    return Step(kind=LOT, id=lot_id, decide=lambda lot: no_change(lot) if lot is None else decide(lot))
