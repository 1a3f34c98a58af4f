"""Plays a file of baskets on a hub: plans, lists enough stock, orders, and follows every order until it is answered."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.hub.demo import account, settle
from deploy.hub.demo.account import Facts
from deploy.hub.demo.basket_account import BasketAccount, Pace, Rung, draw_up_baskets, none_lost, none_stuck
from deploy.hub.demo.baskets import Plan, SortedBasket, can_order, fingerprint, parse, sort_out
from deploy.hub.demo.checks import Check
from deploy.hub.demo.facts import OrderFact
from deploy.hub.demo.gather import gather, lots_of
from deploy.hub.demo.groceries import read_groceries
from deploy.hub.demo.ordering import offers, tomorrow_morning
from deploy.hub.demo.plans import PlanBook
from deploy.hub.demo.replay import Till, post_all, shelf_of, shortfall
from deploy.hub.demo.scene import Scene
from deploy.hub.demo.stocking import fill_up
from deploy.hub.demo.waiting import until_answered, until_planned
from shared import clock
from shared.errors import InvalidError

_ANSWERS_S, _PLANS_S = 900, 300


@dataclass(frozen=True, kw_only=True)
class BasketFile:
    """The baskets of a file, and what tells its content from another's."""

    name: str
    fingerprint: str
    baskets: tuple[SortedBasket, ...]


def read_baskets(file: Path) -> BasketFile:
    """Reads and sorts a file. Raises InvalidError, saying what is wrong, where it holds no baskets."""
    try:
        content = file.read_bytes()
    except OSError as error:
        detail = f"The baskets in {file} cannot be read: {error.strerror}. Name a file that you may read."
        raise InvalidError("file_not_read", detail) from error
    baskets = sort_out(parse(content, file.name), read_groceries())
    return BasketFile(name=file.name, fingerprint=fingerprint(content), baskets=baskets)


def play_baskets(scene: Scene, file: BasketFile) -> BasketAccount:
    """Orders all baskets; answers their account."""
    operator = scene.people.operator
    before = Facts(lots=lots_of(operator), orders=(), jobs=())
    plan = _plan(scene, file)
    rung = _order_all(scene, file, plan)
    placed = [each.order_id for each in rung.posted if each.order_id]
    until_planned(operator, placed, _PLANS_S, scene.screen.bar("Orders with work planned", len(placed)))
    tick = scene.screen.bar("Figures read back")

    def judge(facts: Facts) -> list[Check]:
        return [*settle.check_all(facts, placed, ()), none_lost(rung), _none_stuck(facts, placed)]

    after, checks = settle.at_rest(lambda: gather(operator, lambda: tick("")), judge)
    drawn = account.draw_up(before, after, checks, placed)
    return draw_up_baskets(rung, _mine(after, placed), drawn)


def _plan(scene: Scene, file: BasketFile) -> Plan:
    """The plan that this file was played by before, or a new one, with all its goods in stock."""
    book, now = PlanBook(scene.folder), clock.now()
    plan = book.find(file.fingerprint, now)
    if plan is not None:
        scene.screen.tell(f"{file.name} was played before: the same orders again, which changes nothing.")
        return plan
    shelf = shelf_of(scene.cast, offers(next(iter(scene.people.shops.values())), sold_out=True))
    plan = Plan(file=file.fingerprint, window=tomorrow_morning(now), shelf=shelf)
    _fill_shelves(scene, file.baskets, plan)
    book.keep(plan)
    return plan


def _fill_shelves(scene: Scene, baskets: Sequence[SortedBasket], plan: Plan) -> None:
    lots = {each["id"]: each for each in scene.people.operator.all("/producers/v1/lots")}
    lacks = shortfall(baskets, plan, {id_: each["stock"]["available"] for id_, each in lots.items()})
    for id_, units in lacks.items():
        fill_up(scene.people.farms[lots[id_]["producer_id"]], lots[id_], units)
    scene.screen.tell(f"{len(lacks)} lots are filled up, so that all baskets can be served.")


def _order_all(scene: Scene, file: BasketFile, plan: Plan) -> Rung:
    till = Till(shops=[shop.kbo for shop in scene.cast.shops], clients=scene.people.shops)
    asking = sum(can_order(basket, plan) for basket in file.baskets)
    tick = scene.screen.bar("Baskets ordered", asking)
    started = time.monotonic()
    posted = post_all(till, plan, file.baskets, lambda: tick(""))
    posting_s = time.monotonic() - started
    placed = [each.order_id for each in posted if each.order_id]
    seen = scene.screen.bar("Orders answered", len(placed))
    until_answered(scene.people.operator, placed, _ANSWERS_S, seen)
    pace = Pace(posting_s=posting_s, answering_s=time.monotonic() - started)
    return Rung(baskets=file.baskets, plan=plan, posted=posted, pace=pace)


def _none_stuck(facts: Facts, placed: Sequence[str]) -> Check:
    return none_stuck(_mine(facts, placed), [job.order_id for job in facts.jobs])


def _mine(facts: Facts, placed: Sequence[str]) -> list[OrderFact]:
    ids = set(placed)
    return [order for order in facts.orders if order.id in ids]
