"""What people do all the while: farms list, change and withdraw, shops order and cancel, enterprises take work up.

Each is one thread with chance of its own; it goes on until `stop` is set, and never leaves a request unanswered.
"""

import random
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from deploy.hub.demo.client import segment
from tests.torture.ledger import Entry
from tests.torture.talker import Answer
from tests.torture.town import Member, Town, lot_body, order_body

_STOCK_G = 400_000
LOTS_A_FARM = 4
_KEPT_ORDERS = 3
_WISHES = ("exact", "less_is_fine")
_JOBS = "/logistics/v1/jobs"
_LOTS = "/producers/v1/lots"
_ORDERS = "/orders/v1/orders"


@dataclass(kw_only=True)
class Person:
    """A party at work; `pace` is how many things it does a second."""

    town: Town
    me: Member
    chance: random.Random
    pace: float
    turns: int = 0

    def live(self, stop: threading.Event, act: Callable[[], None]) -> None:
        """Acts, rests, and acts again."""
        while not stop.is_set():
            act()
            self.turns += 1
            stop.wait(self.chance.expovariate(self.pace))

    def note(self, what: str, target: str, answer: Answer, said: dict[str, Any] | None = None) -> Entry:
        """Into the ledger."""
        return self.town.ledger.note(what, self.me.id, target, answer, said=said)


@dataclass(kw_only=True)
class Shop(Person):
    """Orders, sometimes the same order twice; and takes some back."""

    mine: list[str] = field(default_factory=list)

    def act(self) -> None:
        """One thing."""
        if len(self.mine) > _KEPT_ORDERS and self.chance.random() < 0.3:
            self._cancel(self.mine.pop(self.chance.randrange(len(self.mine))))
        elif self.town.on_offer():
            self._order()

    def _order(self) -> None:
        key = f"{self.town.run}-{self.me.id}-{self.turns}"
        lots = self.town.on_offer()
        chosen = self.chance.sample(lots, min(len(lots), self.chance.randint(1, 3)))
        wish = self.chance.choice(_WISHES)
        lines = [_line(lot, pack, self.chance.randint(1, 6), wish) for lot, pack in chosen]
        body = order_body(lines, key, packed=self.chance.random() < 0.2)
        for _ in range(2 if self.chance.random() < 0.1 else 1):
            answer = self.me.talker.post(_ORDERS, body, once=key)
            self.note("order", key, answer, body)
        if answer.accepted:
            self.mine = [*self.mine, answer.document["id"]][-20:]
            self.town.placed(answer.document["id"])

    def _cancel(self, order_id: str) -> None:
        self.note("cancel", order_id, self.me.talker.post(f"{_ORDERS}/{order_id}/cancel"))


def _line(lot: str, pack: str, count: int, wish: str) -> dict[str, Any]:
    return {"lot_id": lot, "pack_id": pack, "count": count, "wish": wish}


@dataclass(kw_only=True)
class Farm(Person):
    """Keeps a few lots on offer: lists, lists more of one, withdraws one."""

    lots: dict[str, int] = field(default_factory=dict)

    def act(self) -> None:
        """One thing."""
        if len(self.lots) < LOTS_A_FARM:
            self._list()
        elif self.town.withdraws and self.chance.random() < 0.15:
            self._withdraw(self.chance.choice(list(self.lots)))
        else:
            self._list_more(self.chance.choice(list(self.lots)))

    def _list(self) -> None:
        key = f"{self.town.run}-{self.me.id}-{self.turns}"
        body = lot_body(self.town.products[self.me.id], key[-40:], _STOCK_G)
        answer = self.me.talker.post(_LOTS, body, once=key)
        self.note("lot", body["lot_code"], answer, body)
        if answer.accepted:
            self.lots[answer.document["id"]] = _STOCK_G
            self.town.offer(answer.document["id"], answer.document["packs"][0]["id"])

    def _list_more(self, lot_id: str) -> None:
        listed = self.lots[lot_id] + self.chance.randint(1, 60) * 1_000
        answer = self.me.talker.patch(f"{_LOTS}/{lot_id}", {"listed": listed})
        self.note("listed", lot_id, answer, {"listed": listed})
        if answer.accepted:
            self.lots[lot_id] = listed

    def _withdraw(self, lot_id: str) -> None:
        self.town.take_off(lot_id)
        self.lots.pop(lot_id)
        self.note("withdraw", lot_id, self.me.talker.post(f"{_LOTS}/{lot_id}/withdraw"))


@dataclass(kw_only=True)
class Crew(Person):
    """Takes up the work on orders of late, often racing others for it; starts, ends, gives back, fails."""

    held: dict[str, str] = field(default_factory=dict)

    def act(self) -> None:
        """One thing."""
        if self.held and self.chance.random() < 0.7:
            self._go_on(self.chance.choice(list(self.held)))
        elif orders := self.town.of_late():
            self._look_for_work(self.chance.choice(orders))

    def _look_for_work(self, order_id: str) -> None:
        found = self.town.operator.talker.get(_JOBS, order_id=order_id)
        for job in found.document["items"]:
            if job["status"] == "open" and job["id"] not in self.held and self.chance.random() < 0.6:
                self._do(job["id"], "claim")

    def _go_on(self, job_id: str) -> None:
        job = self.me.talker.get(_address(job_id))
        if not job.accepted or job.document["status"] not in ("claimed", "started"):
            self.held.pop(job_id)
        elif self.chance.random() < 0.12:
            self._let_go(job_id)
        elif self.held[job_id] == "started":
            self._do(job_id, "done", {"by": f"{self.town.run} {self.turns}", "crates": self.chance.randint(1, 99)})
        elif job.document["ready"]:
            self._do(job_id, "start")

    def _let_go(self, job_id: str) -> None:
        if self.held[job_id] == "started":
            self._do(job_id, "fail", {"reason": "crew_trouble", "note": str(self.turns)})
        else:
            self._do(job_id, "drop", {"reason": f"no hands at turn {self.turns}"})

    def _do(self, job_id: str, verb: str, body: dict[str, Any] | None = None) -> None:
        answer = self.me.talker.post(_address(job_id, verb), body)
        self.note(verb, job_id, answer, body)
        if answer.accepted and verb in ("claim", "start"):
            self.held[job_id] = {"claim": "claimed", "start": "started"}[verb]
        elif verb != "claim":
            self.held.pop(job_id, None)


def _address(job_id: str, verb: str = "") -> str:
    return f"{_JOBS}/{segment(job_id)}" + (f"/{verb}" if verb else "")


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Everybody at work, until told to stop."""

    stop: threading.Event
    lives: tuple[Future[None], ...]

    def end(self) -> None:
        """Returns when the last request is answered. Raises what anybody stumbled over."""
        self.stop.set()
        for life in self.lives:
            life.result()

    def check(self) -> None:
        """Raises where somebody stumbled."""
        for life in self.lives:
            if life.done():
                life.result()


def set_to_work(town: Town, pool: ThreadPoolExecutor, seed: int, pace: float) -> Crowd:
    """Everybody begins; the pool must have room for them all."""

    def own(kind: type[Person], member: Member, share: float) -> Any:
        chance = random.Random(f"{seed}/{member.id}")  # noqa: S311  # chance that can be repeated
        return kind(town=town, me=member, chance=chance, pace=pace * share)

    people = [own(Farm, each, 0.2) for each in town.farms]
    people += [own(Shop, each, 1.0) for each in town.shops]
    people += [own(Crew, each, 2.5) for each in town.enterprises]
    stop = threading.Event()
    return Crowd(stop=stop, lives=tuple(pool.submit(each.live, stop, each.act) for each in people))
