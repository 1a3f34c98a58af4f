"""One trial: a hub, a town at work on it, something terrible, rest, and the account."""

import random
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.hub import wait_until
from deploy.hub.demo.checks import Check
from deploy.hub.demo.client import Client
from tests.torture.account import balance
from tests.torture.evidence import collect
from tests.torture.hub import TortureHub
from tests.torture.kills import Killer
from tests.torture.ledger import Ledger
from tests.torture.people import Crowd, set_to_work
from tests.torture.talker import Line
from tests.torture.town import Town, settle_in

Tell = Callable[[str], None]

_PEOPLE = 16
_PATIENCE_S = 400.0
_REST_S = 300.0


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A hub with its town; the crowd works on while the block of whoever runs it lasts."""

    hub: TortureHub
    town: Town
    line: Line
    tell: Tell
    seed: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it. `asked` counts what was acknowledged, by kind; `breaches` are all sentences about wrongs."""

    checks: Sequence[Check]
    asked: Counter[str]
    lost: int
    put_off: int
    breaches: Sequence[str]


def prepare(hub: TortureHub, folder: Path, seed: int, tell: Tell) -> Trial:
    """Registers the town. The connections are the caller's to close."""
    ledger = Ledger(folder / "ledger.jsonl")
    limits = httpx.Limits(max_connections=_PEOPLE, max_keepalive_connections=_PEOPLE)
    http = httpx.Client(base_url=hub.plan.address, timeout=15, limits=limits, trust_env=False)
    line = Line(http=http, patience_s=_PATIENCE_S, fault=ledger.fault, lock=threading.Lock())
    town = settle_in(line, hub.operator_key, ledger, f"torture-{seed}")
    return Trial(hub=hub, town=town, line=line, tell=tell, seed=seed)


def under_load(trial: Trial, pace: float, ordeal: Callable[[Crowd], None]) -> None:
    """Everybody works while the ordeal lasts, and ends what is under way."""
    with ThreadPoolExecutor(_PEOPLE) as pool:
        crowd = set_to_work(trial.town, pool, trial.seed, pace)
        try:
            ordeal(crowd)
        except BaseException:
            trial.line.patience_s = 0.0
            raise
        finally:
            crowd.stop.set()
        crowd.end()


def kill_under_load(trial: Trial, kills: int, pace: float) -> Killer:
    """So many kills while everybody works."""
    chance = random.Random(trial.seed)  # noqa: S311  # chance that can be repeated
    killers: list[Killer] = []

    def ordeal(crowd: Crowd) -> None:
        killers.append(Killer(hub=trial.hub, chance=chance, tell=trial.tell, alive=crowd.check))
        killers[0].kill(kills)

    under_load(trial, pace, ordeal)
    return killers[0]


def settle(trial: Trial) -> Outcome:
    """Waits until the hub has come to rest, and draws up the account."""
    wait_until(trial.hub.serves, "the hub serves", seconds=_REST_S)
    wait_until(trial.hub.rests, "all is published and read", seconds=_REST_S)
    entries = list(trial.town.ledger.entries)
    town = trial.town
    names = {each.id: each.name for each in town.enterprises}
    found = collect(Client(trial.line.http, trial.hub.operator_key))
    checks = balance(entries, found, names)
    wrong = [text for check in checks for text in check.wrong]
    dead = trial.hub.dead_letters()
    breaches = [*wrong, *town.ledger.faults, *([f"{dead} dead letters."] if dead else [])]
    asked = Counter(each.what for each in entries if each.acknowledged)
    return Outcome(
        checks=checks, asked=asked, lost=trial.line.lost, put_off=trial.line.put_off, breaches=tuple(breaches)
    )


def tidy(folder: Path, outcome: Outcome) -> None:
    """Nothing is kept of a trial that went well."""
    if not outcome.breaches:
        shutil.rmtree(folder, ignore_errors=True)
