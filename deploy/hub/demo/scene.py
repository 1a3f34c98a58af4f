"""The scene that is played on: a hub that serves, on which all parties are known and all lots in stock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.hub.demo.client import Client, Hub, open_http
from deploy.hub.demo.keys import KeyRing
from deploy.hub.demo.parties import Cast
from deploy.hub.demo.register import Desk, People, register
from deploy.hub.demo.screen import Screen
from deploy.hub.demo.stocking import offered_lots, stock
from deploy.hub.demo.waiting import until_offered
from shared import clock
from shared.errors import NeverError

KEYS_FILE = "keys.json"
_ACCOUNTS = ("producers/v1/producers", "orders/v1/buyers", "logistics/v1/enterprises")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A hub with all parties known and stocked. `folder` is where the demo keeps what it needs to go on later."""

    cast: Cast
    people: People
    screen: Screen
    folder: Path


@contextmanager
def on_scene(hub: Hub, folder: Path, screen: Screen, cast: Cast) -> Iterator[Scene]:
    """Makes everything ready to be played by this cast. Raises NeverError where the hub is not the demo's."""
    with open_http(hub) as http:
        operator = Client(http, hub.operator_key)
        _refuse_strange_hub(operator, folder)
        desk = Desk(http=http, operator=operator, ring=KeyRing(folder / KEYS_FILE))
        known = len(cast.farms) + len(cast.enterprises) + len(cast.shops)
        people = register(desk, cast, screen.bar("Parties known", known))
        stocked = stock(cast, people.farms, clock.now(), screen.bar("Farms stocked", len(cast.farms)))
        screen.tell(
            f"{stocked.listed} lots are listed anew, {stocked.filled} filled up, {stocked.withdrawn} too old withdrawn."
        )
        until_offered(next(iter(people.shops.values())), [each["id"] for each in offered_lots(operator)])
        yield Scene(cast=cast, people=people, screen=screen, folder=folder)


def _refuse_strange_hub(operator: Client, folder: Path) -> None:
    """The demo's made-up parties have no business in a hub that people use."""
    if (folder / KEYS_FILE).exists():
        return
    if any(operator.get(f"/{where}", limit=1)["items"] for where in _ACCOUNTS):
        message = (
            "The hub in this folder has parties already that are not the demo's. "
            "Play elsewhere: `schakel --var FOLDER demo`."
        )
        raise NeverError(message)
