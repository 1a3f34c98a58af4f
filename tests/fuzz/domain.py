"""Every public function of every decision module, and what to call it with."""

import importlib
import inspect
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, get_type_hints

from hypothesis import strategies as st

import services
import shared.accounts.domain
from services.logistics.domain.job import CallOff
from services.logistics.domain.offering import CANCELLED_BY_HUB, NOTHING_CAME, ORDER_CANCELLED, ORDER_FAILED
from services.orders.domain.totals import Amount
from services.producers.domain.settlement import left_the_farm, lost_at_the_farm, weighed
from shared import clock, geo, kbo, money, trace
from shared.events import Event, envelope, schemas
from shared.events.catalogue import BY_TYPE, EVENTS
from shared.events.jobs import JobEvent
from shared.values import UNITS
from tests.fuzz.poison import poison
from tests.fuzz.states import STATES
from tests.fuzz.values import NOW, Maker, Strategy, instants, wild_texts

Function = Callable[..., Any]
_SHARED = (shared.accounts.domain, clock, geo, kbo, money, trace, envelope, schemas)
_YEAR_2 = datetime(2, 1, 1)  # noqa: DTZ001  # hypothesis adds the zone
_LAT, _LON = st.floats(-90, 90), st.floats(-180, 180)


def modules() -> Iterator[Any]:
    """The decision modules of all services, and what is pure in `shared`."""
    yield from _SHARED
    for service in pkgutil.iter_modules(services.__path__, "services."):
        package = importlib.import_module(f"{service.name}.domain")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(module.name)


def functions() -> dict[str, Function]:
    """Their public functions, by full name."""
    found = {}
    for module in modules():
        for name, each in inspect.getmembers(module, inspect.isroutine):
            if not name.startswith("_") and getattr(each, "__module__", "") == module.__name__:
                found[f"{module.__name__}.{name}"] = each
    return found


def arguments(name: str, function: Function, *, wild: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Arguments by name, from the type hints of the function; OWN has those that the hints do not tell.

    Raises TypeError where there is no strategy for one: a new type of argument needs a line in `states` or here.
    """
    maker = Maker(wild=wild)
    maker = Maker(wild=wild, own={**STATES, Event: _one_of(maker, EVENTS), JobEvent: _one_of(maker, JOB_EVENTS)})
    hints = get_type_hints(inspect.unwrap(function), include_extras=True)
    own = OWN.get(name, {})
    wanted = inspect.signature(function).parameters
    return st.fixed_dictionaries({each: own[each] if each in own else maker.of(hints[each], each) for each in wanted})


def call(function: Function, given: Mapping[str, Any]) -> Any:
    """Calls it; what it takes one after the other is given so."""
    kinds = inspect.signature(function).parameters
    several = [given[name] for name, each in kinds.items() if each.kind is inspect.Parameter.VAR_POSITIONAL]
    named = {name: value for name, value in given.items() if kinds[name].kind is not inspect.Parameter.VAR_POSITIONAL}
    return function(*several, **named)


def _one_of(maker: Maker, classes: Iterable[Any]) -> Strategy:
    return st.one_of(*(maker.built(each) for each in classes))


JOB_EVENTS = JobEvent.__subclasses__()
_REASONS = st.sampled_from([NOTHING_CAME, ORDER_CANCELLED, ORDER_FAILED, CANCELLED_BY_HUB])
_FACTS = st.sampled_from([left_the_farm(2, 900, NOW), lost_at_the_farm(1), weighed(None, NOW), weighed(7, NOW)])
_CHANGES = {"name": wild_texts, "email": wild_texts, "profile": st.dictionaries(wild_texts, wild_texts, max_size=2)}
OWN: Mapping[str, Mapping[str, Strategy]] = {
    "shared.geo.road_metres": {"a_lat": _LAT, "a_lon": _LON, "b_lat": _LAT, "b_lon": _LON},
    "shared.geo.box": {"lat": st.floats(-89, 89), "lon": _LON, "metres": st.integers(0, 20_000_000)},
    "shared.money.share": {name: st.integers(1, 10**15) for name in ("cents", "numerator", "denominator")},
    "shared.clock.parse": {"text": wild_texts | st.datetimes(timezones=st.timezones()).map(str) | instants},
    "shared.clock.plus": {"seconds": st.floats(-1e9, 1e9)},
    "shared.clock.to_instant": {"moment": st.datetimes(_YEAR_2, timezones=st.timezones())},
    "shared.kbo.clean": {"text": wild_texts | st.from_regex(r"(BE)?0[0-9]{3}\.[0-9]{3}\.[0-9]{3}", fullmatch=True)},
    "shared.accounts.domain.change": {"changes": st.fixed_dictionaries({}, optional=_CHANGES)},
    "shared.events.envelope.open_envelope": {"value": poison},
    "shared.events.schemas.load_event": {"type_": st.sampled_from(sorted(BY_TYPE)) | wild_texts},
    "shared.events.schemas.schema_of": {"cls": st.sampled_from(EVENTS)},
    "services.logistics.domain.offering.cancel": {"reason": _REASONS},
    "services.logistics.domain.offering.call_off": {"why": st.builds(CallOff, at=instants, reason=_REASONS)},
    "services.orders.domain.offer.price_per_unit": {"unit": st.sampled_from(UNITS)},
    "services.orders.domain.order.change_attempt": {"change": st.just(lambda attempt: attempt)},
    "services.orders.domain.totals.totals": {
        "found": st.just(defaultdict(lambda: Amount(count=1, cents=180, estimated=False)))
    },
    "services.producers.domain.settlement.add": {"fact": _FACTS},
}
