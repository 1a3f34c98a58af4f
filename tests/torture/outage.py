"""The broker is gone for a while: orders are taken all the same, and flow on when it is back."""

import time
from dataclasses import dataclass, replace

from benchmarks.hub import wait_until
from deploy.hub.demo.client import Client
from deploy.hub.programs import KAFKA, KEEPER, WORKERS
from tests.torture.people import LOTS_A_FARM, Crowd
from tests.torture.town import Town
from tests.torture.trial import Trial, under_load

_PACE = 1.0
_FLOWS_ON_S = 180.0


@dataclass(frozen=True, kw_only=True)
class Outage:
    """What was seen: orders acknowledged while the broker was gone, tries put off or lost, refused looks at `/readyz`.

    `waiting` orders had no answer when it came back; after `flowed_s` seconds, all had. `killed` are the programs that
    did not end when asked to, `waited` those whose log says what they wait for.
    """

    taken: int
    waiting: int
    flowed_s: float
    disturbed: int
    unready: int
    killed: tuple[str, ...]
    waited: tuple[str, ...]


def outage(trial: Trial, seconds: float) -> Outage:
    """Stops Kafka, and the keeper that would start it, for so many seconds; everybody works on all along."""
    seen: list[Outage] = []
    trial.town.withdraws = False

    def ordeal(crowd: Crowd) -> None:
        wait_until(lambda: _all_offered(trial.town), "all lots are on offer", seconds=_FLOWS_ON_S)
        trial.hub.supervisor.stop([KEEPER, KAFKA])
        try:
            found = _look_on(trial, crowd, seconds)
        finally:
            trial.hub.supervisor.start(KAFKA)
            trial.hub.supervisor.start(KEEPER)
        waiting, back = _waiting(trial), time.monotonic()
        wait_until(lambda: not waiting & _waiting(trial), "all that waited are answered", seconds=_FLOWS_ON_S)
        seen.append(replace(found, waiting=len(waiting), flowed_s=time.monotonic() - back))

    under_load(trial, _PACE, ordeal)
    return seen[0]


def _look_on(trial: Trial, crowd: Crowd, seconds: float) -> Outage:
    began = time.monotonic()
    line, ledger = trial.line, trial.town.ledger
    before, disturbed, unready = len(ledger.of("order")), line.lost + line.put_off, 0
    trial.hub.supervisor.stop(WORKERS[:1])
    trial.hub.supervisor.start(WORKERS[0])
    while time.monotonic() - began < seconds:
        crowd.check()
        unready += not trial.hub.web_is_ready()
        time.sleep(1)  # looks once a second, as long as the broker is to be gone
    return Outage(
        taken=len({each.target for each in ledger.of("order")[before:] if each.acknowledged}),
        waiting=0,
        flowed_s=0.0,
        disturbed=line.lost + line.put_off - disturbed,
        unready=unready,
        killed=tuple(name for name in WORKERS if f"killing '{name}'" in trial.hub.log_of("supervisor")),
        waited=tuple(name for name in WORKERS if '"waiting"' in trial.hub.log_of(name)),
    )


def _all_offered(town: Town) -> bool:
    """Whether every farm has its lots on offer, as shops see it: what is listed later, they would not hear of."""
    found = town.shops[0].talker.get("/orders/v1/offers", limit=100)
    return found.accepted and len(found.document["items"]) >= LOTS_A_FARM * len(town.farms)


def _waiting(trial: Trial) -> set[str]:
    """The orders that wait for an answer now."""
    operator = Client(trial.line.http, trial.hub.operator_key)
    return {each["id"] for each in operator.all("/orders/v1/orders", status="placed")}
