"""Which read copies a hub has, and rebuilding one of them on its databases.

What a service was told of others' parties and goods when a deal was made (a buyer's name and place in a job, an
enterprise's in an order) is part of that deal and no copy. Nor is the history of a reservation: no topic keeps it as
long as its farmer may ask for it.
"""

from contextlib import closing
from dataclasses import dataclass

from deploy.hub.backup import SERVICES
from deploy.hub.rebuild import Rebuild, Rebuilt, Side
from deploy.hub.trouble import HubError
from shared import clock
from shared.config import read_settings
from shared.hub import read_hub
from shared.store.aggregate import Ledger
from shared.store.mongo import MongoStore, connect
from shared.wiring import Copy, Service


@dataclass(frozen=True, kw_only=True)
class Known:
    """A read copy, who keeps it, and who owns what it is a copy of."""

    copy: Copy
    keeper: Service
    owner: Service

    @property
    def name(self) -> str:
        """By which it is called for: its collection's."""
        return self.copy.kind.collection


def copies() -> list[Known]:
    """All that there are."""
    return [
        Known(copy=copy, keeper=keeper, owner=owner)
        for keeper in SERVICES
        for copy in keeper.copies
        for owner in SERVICES
        if copy.topic in owner.retelling
    ]


def rebuild_copy(name: str, uri: str) -> Rebuilt:
    """Rebuilds a read copy on this database. Raises HubError where there is none of that name, RetryError."""
    known = next((each for each in copies() if each.name == name), None)
    if known is None:
        names = ", ".join(each.name for each in copies())
        raise HubError(
            f"There is no read copy '{name}'. There are: {names}. All else is somebody's truth: see `backup`."
        )
    settings = read_settings()
    with closing(connect(uri)) as client:
        keeper, owner = (
            Side(
                service=service,
                ledger=Ledger(
                    MongoStore(client, f"{settings.database_prefix}_{service.name}"), service.name, clock.now
                ),
            )
            for service in (known.keeper, known.owner)
        )
        return Rebuild(known.copy, keeper, owner, read_hub(settings.hub_file)).run()
