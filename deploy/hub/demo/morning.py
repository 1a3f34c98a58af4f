"""A morning at the hub: shops order, farms weigh, enterprises collect, pack and deliver, shops confirm."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from deploy.hub.demo import errands, scenes, settle
from deploy.hub.demo.account import Account, Facts, draw_up
from deploy.hub.demo.facts import Claim
from deploy.hub.demo.gather import gather, lots_of
from deploy.hub.demo.ordering import Counter, Order, is_packed, offers, place, tomorrow_morning, usual
from deploy.hub.demo.parties import Shop
from deploy.hub.demo.scene import Scene
from deploy.hub.demo.scenes import Stage
from deploy.hub.demo.screen import Tick
from deploy.hub.demo.shift import work, workforce
from deploy.hub.demo.waiting import until_answered
from shared import clock

_ANSWERS_S = 120
_ORDER_AGAIN = 3  # one of so many shops orders twice
_LATE = 2
_TAKEN_AWAY = "rode-vruchten-diepvries"


@dataclass(frozen=True, kw_only=True)
class Played:
    """The orders that got a 2xx, and every claim that the hub acknowledged, in order."""

    placed: tuple[str, ...]
    claims: tuple[Claim, ...]


def play_morning(scene: Scene) -> Account:
    """Plays it all, and answers its account when nothing moves any more."""
    operator = scene.people.operator
    before = Facts(lots=lots_of(operator), orders=(), jobs=())
    played = _play(scene)
    tick = scene.screen.bar("Figures read back")
    judge = partial(settle.check_all, placed=played.placed, claims=played.claims)
    after, found = settle.at_rest(lambda: gather(operator, lambda: tick("")), judge)
    return draw_up(before, after, found, played.placed)


def _play(scene: Scene) -> Played:
    people, screen = scene.people, scene.screen
    counter = Counter(clients=people.shops, window=tomorrow_morning(clock.now()), run=clock.now())
    stage = Stage(
        cast=scene.cast,
        farms=people.farms,
        counter=counter,
        on_offer=offers(next(iter(people.shops.values()))),
        tell=screen.tell,
        turn=sum(1 for _ in people.operator.all("/orders/v1/orders")),
    )
    placed = _order(scene, stage)
    _await_answers(scene, counter)
    force = workforce(scene, counter.placed)
    errands.weigh(people.farms.values(), force.orders, screen.bar("Lines weighed by farmers"))
    force.twists.extend(("breaks_down", "finds_less", "nobody_there", "refused_at_the_door"))
    work(scene, force)
    confirmed = errands.confirm_receipts(people.shops, placed, screen.tell)
    screen.tell(f"{confirmed} shops confirm that all is there.")
    _order_late(scene, stage)
    _await_answers(scene, counter)
    return Played(placed=tuple(counter.placed), claims=tuple(force.claims))


def _order(scene: Scene, stage: Stage) -> list[tuple[Shop, Order]]:
    """The usual orders, with scenes in between; answers whose each is."""
    shops = scene.cast.shops
    again = shops[: len(shops) // _ORDER_AGAIN]
    tick = scene.screen.bar("Orders placed", len(shops) + len(again))
    placed = _order_usual(stage, shops, tick)
    scenes.scarce(stage)
    scenes.dearer(stage)
    placed += _order_usual(stage, again, tick)
    scenes.taken_away(stage, _TAKEN_AWAY)
    scenes.think_better(stage, placed[-2:])
    _await_answers(scene, stage.counter)
    scenes.think_better(stage, placed[:1])
    return placed


def _order_usual(stage: Stage, shops: Iterable[Shop], tick: Tick) -> list[tuple[Shop, Order]]:
    on_offer = stage.without(_TAKEN_AWAY)
    placed = []
    for shop in shops:
        lines = usual(on_offer, shop.number, stage.turn + len(stage.counter.placed))
        placed.append((shop, place(stage.counter, shop, lines, packed=is_packed(shop.number))))
        tick(shop.name)
    return placed


def _order_late(scene: Scene, stage: Stage) -> None:
    """Two shops order when the enterprises have gone home: these orders wait for tomorrow."""
    late = scene.cast.shops[-_LATE:]
    _order_usual(stage, late, scene.screen.bar("Late orders", len(late)))


def _await_answers(scene: Scene, counter: Counter) -> None:
    until_answered(scene.people.operator, counter.placed, _ANSWERS_S, lambda _name: None)
