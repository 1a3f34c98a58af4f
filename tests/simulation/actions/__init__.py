"""All that people do, by name. A further action is one function and one line in the table of its people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.simulation.actions import farms, operators, shops, strangers, vans
from tests.simulation.play import Play


@dataclass(frozen=True, kw_only=True)
class Action:
    """What is done, and how often it comes up beside the others."""

    do: Callable[[Play], object]
    weight: int


ACTIONS: Mapping[str, Action] = {
    name: Action(do=do, weight=weight)
    for table in (farms.TABLE, shops.TABLE, vans.TABLE, operators.TABLE, strangers.TABLE)
    for name, (do, weight) in table.items()
}
