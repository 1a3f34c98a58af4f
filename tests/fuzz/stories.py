"""Events that are events, of every type and in any order, about things that exist and things that do not."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from shared.bus.port import Parcel
from shared.errors import NeverError
from shared.events.base import Event
from shared.events.catalogue import EVENTS
from shared.events.envelope import seal
from tests.fuzz.town import Town
from tests.fuzz.values import Maker, wild_instants

_IDS = st.from_regex(r"[a-z]{1,6}/[a-z0-9.]{1,12}/[0-9]{1,3}/[0-9]{1,2}", fullmatch=True) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=400
)


def events(town: Town, *, wild: bool) -> st.SearchStrategy[Event]:
    """Of every type, each as likely as any other."""
    maker = Maker(wild=wild, ids=town.ids())
    return st.one_of(*(_about_one_thing(maker, each) for each in EVENTS))


def _about_one_thing(maker: Maker, cls: Any) -> st.SearchStrategy[Event]:
    """An event of a lot tells of the very lot that it is keyed by."""
    made = maker.built(cls)
    if "lot" not in cls.__dataclass_fields__:
        return made
    return made.map(lambda event: type(event)(lot_id=event.lot.lot_id, lot=event.lot))


def stories(town: Town, *, wild: bool) -> st.SearchStrategy[list[Parcel]]:
    """Some events one after the other, as records; one that is too long to be told is left out."""
    told = st.tuples(events(town, wild=wild), _IDS, wild_instants)
    return st.lists(told, min_size=1, max_size=12).map(_parcels)


def _parcels(told: Sequence[tuple[Event, str, str]]) -> list[Parcel]:
    parcels: list[Parcel] = []
    for event, event_id, at in told:
        try:
            sealed = seal(event, event_id=event_id, service=event.service, now=at, traceparent="")
        except NeverError:
            continue
        parcels.append(Parcel(topic=sealed.topic, key=sealed.key, value=sealed.body.encode()))
    return parcels
