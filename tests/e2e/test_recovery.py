"""A hub is backed up at work, lost, and restored elsewhere: all that was acknowledged before is there and goes on."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.hub.control import Supervisor
from deploy.hub.demo import checks
from deploy.hub.demo.client import Client
from deploy.hub.demo.facts import Claim
from deploy.hub.demo.gather import gather
from deploy.hub.plan import Plan
from deploy.hub.rebuild import Rebuilt
from deploy.hub.rebuild_hub import rebuild_copy
from deploy.hub.standstill import alone, stopped
from deploy.hub.status import look
from deploy.hub.trouble import BackupError
from shared.config import read_settings
from shared.store.mongo import connect
from tests.e2e.recovery_hub import Load, People, Town, argv_of, hub_in, schakel, settle_a_town
from tests.servers import wait_until

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]

_THREADS = 2


@dataclass(frozen=True, kw_only=True)
class Story:
    """What happened before the hub was lost. `before` was acknowledged when the backup began, `later` after that."""

    town: Town
    file: Path
    before: Sequence[str]
    later: Sequence[str]
    untouched: str
    claimed: str
    collected: str
    delivered: str


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """A hub works, is backed up under load, and is lost."""
    var = tmp_path_factory.mktemp("lost") / "var"
    with hub_in(var) as plan:
        town = settle_a_town(plan)
        with town.at(plan) as people:
            story = lived(plan, people)
        assert all(state.state == "RUNNING" for state in look(plan).programs)
    shutil.rmtree(var)
    return story


def lived(plan: Plan, people: People) -> Story:
    file = plan.layout.var.with_name("hub.tar.gz")
    orders = [people.order(number) for number in range(20)]
    work(people, claimed=orders[1], collected=orders[2], delivered=orders[3])
    with load(people) as loads:
        wait_until(lambda: all(len(each.acknowledged) >= 20 for each in loads), "orders come in")
        before = [*orders, *(order for each in loads for order in each.acknowledged)]
        made = schakel(plan.layout.var, "backup", str(file))
    print(made.stdout, [(len(each.acknowledged), each.slowest) for each in loads])  # noqa: T201  # for who looks
    assert made.returncode == 0, made.stdout + made.stderr
    assert [each.refused for each in loads] == [[]] * _THREADS
    later = [order for each in loads for order in each.acknowledged if order not in before]
    untouched, claimed, collected, delivered = orders[:4]
    return Story(
        town=people.town,
        file=file,
        before=before,
        later=later,
        untouched=untouched,
        claimed=claimed,
        collected=collected,
        delivered=delivered,
    )


def work(people: People, *, claimed: str, collected: str, delivered: str) -> None:
    """Brings three orders as far as their names say."""
    for order in (claimed, collected, delivered):
        people.claim(people.jobs_of(order)[0])
    for order in (collected, delivered):
        people.finish(people.jobs_of(order)[0])
    people.claim(people.jobs_of(delivered)[1])
    people.finish(people.jobs_of(delivered)[1])
    people.becomes(delivered, "delivered")
    people.becomes(collected, "collecting")


@contextmanager
def load(people: People) -> Iterator[list[Load]]:
    loads = [Load(people=people) for _ in range(_THREADS)]
    with ThreadPoolExecutor(_THREADS) as pool:
        running = [pool.submit(each.run) for each in loads]
        try:
            yield loads
        finally:
            for each in loads:
                each.stop.set()
    for each in running:
        each.result()


def at_rest(plan: Plan, people: People) -> None:
    """Until nothing is on its way any more."""

    def still() -> bool:
        seen = look(plan)
        behind = sum(count for topics in (seen.lag or {}).values() for count in topics.values())
        return not seen.trouble and not behind and not any((seen.unpublished or {"": "?"}).values())

    wait_until(
        lambda: still() and not list(people.operator.all("/orders/v1/orders", status="placed")), "all is handled"
    )


def offers_of(people: People) -> dict[str, object]:
    return {each["lot_id"]: each for each in people.shop.all("/orders/v1/offers")}


@pytest.fixture(scope="module")
def var(story: Story, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where it is restored: another folder, on other ports."""
    found = tmp_path_factory.mktemp("found") / "var"
    restored = schakel(found, "restore", str(story.file))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    return found


@pytest.fixture(scope="module")
def plan(var: Path) -> Iterator[Plan]:
    with hub_in(var) as found:
        yield found


@pytest.fixture(scope="module")
def people(story: Story, plan: Plan) -> Iterator[People]:
    """The same people, with the keys that they had."""
    with story.town.at(plan) as found:
        at_rest(plan, found)
        yield found


def test_the_file_and_what_is_restored_are_for_its_owner_alone(story: Story, var: Path) -> None:
    assert story.file.stat().st_mode & 0o777 == 0o600
    assert (var / "secrets" / "operator.key").stat().st_mode & 0o777 == 0o600
    assert not [each.name for each in var.iterdir() if each.name not in ("data", "log", "run", "secrets")]


def test_every_order_that_was_acknowledged_before_the_backup_began_is_there_and_answered(
    story: Story, people: People
) -> None:
    there = {order["id"]: order["status"] for order in people.operator.all("/orders/v1/orders")}

    assert set(story.before) <= set(there) <= {*story.before, *story.later}
    assert len(story.before) >= 60
    assert "placed" not in there.values()
    assert there[story.delivered] == "delivered"


def test_orders_under_way_flow_on_to_their_end(story: Story, people: People) -> None:
    people.finish(people.jobs_of(story.claimed)[0])
    people.claim(people.jobs_of(story.untouched)[0])
    people.finish(people.jobs_of(story.untouched)[0])
    for order in (story.untouched, story.claimed, story.collected):
        people.claim(people.jobs_of(order)[1])
        people.finish(people.jobs_of(order)[1])

    for order in (story.untouched, story.claimed, story.collected):
        people.becomes(order, "delivered")


def test_new_orders_are_taken(people: People) -> None:
    people.becomes(people.order(1), "confirmed")


def test_every_invariant_holds_and_nothing_had_effect_twice(story: Story, plan: Plan, people: People) -> None:
    at_rest(plan, people)
    facts = gather(Client(people.http, people.operator._headers["Authorization"].removeprefix("Bearer ")))
    orders = {order.id: order for order in facts.orders}
    claims: list[Claim] = []

    found = [
        checks.lots_add_up(facts.lots),
        checks.orders_are_known(story.before, orders),
        checks.orders_are_explained(facts.orders),
        checks.jobs_have_one_holder(facts.jobs, claims),
        checks.goods_add_up(facts.lots, facts.jobs),
        checks.reservations_add_up(facts.lots, facts.orders),
        checks.arrivals_add_up(facts.orders, facts.jobs),
    ]

    assert [each.wrong for each in found] == [()] * len(found)
    assert len({job.id for job in facts.jobs}) == len(facts.jobs) == 2 * len(facts.orders)
    assert look(plan).dead == {}


def test_a_read_copy_that_was_thrown_away_is_rebuilt_by_one_command(plan: Plan, people: People) -> None:
    at_rest(plan, people)
    before = offers_of(people)
    assert before
    with connect(plan.database_uri) as client:
        database = client[f"{read_settings().database_prefix}_orders"]
        documents = list(database["offers"].find({}, {"state": 1}).sort("_id"))
        database.drop_collection("offers")

        rebuilt = schakel(plan.layout.var, "rebuild", "offers")

        assert rebuilt.returncode == 0, rebuilt.stderr
        assert "0 were right; 0 mended, 4 added, 0 removed" in rebuilt.stdout
        assert list(database["offers"].find({}, {"state": 1}).sort("_id")) == documents
        assert len(database["offers"].index_information()) > 1
    assert offers_of(people) == before
    assert rebuild_copy("offers", plan.database_uri) == Rebuilt(right=4)


def test_a_hub_that_runs_is_not_restored_over(story: Story, plan: Plan, people: People) -> None:
    refused = schakel(plan.layout.var, "restore", str(story.file), "--replace")

    assert refused.returncode == 1
    assert "Stop it" in refused.stderr
    assert people.operator.get("/orders/v1/orders")["items"]


def test_a_backup_that_is_killed_leaves_no_file_and_no_worker_standing_still(
    story: Story, plan: Plan, people: People, tmp_path: Path
) -> None:
    supervisor, var = Supervisor(plan.layout.socket), plan.layout.var
    with subprocess.Popen(argv_of(var, "backup", str(tmp_path / "killed.tar.gz")), stdout=subprocess.DEVNULL) as backup:
        wait_until(lambda: len(stopped(supervisor)) == 3, "the workers stand still")
        with pytest.raises(BackupError, match="Another backup"), alone(plan.layout):
            pass
        backup.kill()

    wait_until(lambda: not stopped(supervisor), "the workers are started again")
    people.becomes(people.order(1), "confirmed")
    assert not (tmp_path / "killed.tar.gz").exists()
    assert story.file.exists()
