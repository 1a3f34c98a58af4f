from dataclasses import replace

import pytest

from services.logistics.domain.enterprise import Area, Enterprise, Profile, Vehicle
from services.logistics.domain.suits import metres_to, misfit, packs_on_own_site
from services.logistics.domain.task import Task
from shared.values import Storage
from tests.unit.logistics.given import ENTERPRISE, LEEK, MILK, ORDER, PACKED, VAN, tasks

COLLECT = tasks()["order-1.collect.0100000001"]
DELIVER = tasks()["order-1.deliver"]
PACK = tasks(PACKED)["order-1.pack"]


def able(*vehicles: Vehicle, radius_m: int = 40_000, own_site: bool = False) -> Enterprise:
    profile = Profile(
        skills=("collect", "pack", "deliver"), area=Area(radius_m=radius_m), vehicles=vehicles, own_site=own_site
    )
    return replace(ENTERPRISE, profile=profile)


def code(task: Task, enterprise: Enterprise, *, wide: bool = False) -> str | None:
    found = misfit(task, enterprise, wide=wide)
    return found.code if found else None


def test_a_job_near_enough_for_a_skill_it_has_and_a_van_that_fits_suits() -> None:
    assert code(COLLECT, able(VAN)) is None


def test_a_skill_that_is_missing_is_named_first() -> None:
    packer = replace(ENTERPRISE, profile=replace(ENTERPRISE.profile, skills=("pack",), area=Area(radius_m=1)))

    found = misfit(DELIVER, packer, wide=False)

    assert found is not None
    assert found.code == "skill_missing"
    assert "'deliver'" in found.detail


def test_distance_is_measured_to_the_first_stop_and_counts_to_the_metre() -> None:
    metres = metres_to(DELIVER, ENTERPRISE)

    assert code(DELIVER, able(VAN, radius_m=metres)) is None
    assert code(DELIVER, able(VAN, radius_m=metres - 1)) == "too_far"


def test_a_job_offered_wide_reaches_twice_as_far() -> None:
    half = able(VAN, radius_m=metres_to(DELIVER, ENTERPRISE) // 2 + 1)

    assert code(DELIVER, half) == "too_far"
    assert code(DELIVER, half, wide=True) is None


def test_carrying_needs_a_vehicle() -> None:
    assert code(COLLECT, able()) == "no_vehicle"


@pytest.mark.parametrize(
    ("vehicle", "expected"),
    [
        (replace(VAN, chilled=False), "not_cold_enough"),
        (replace(VAN, chilled=False, frozen=True), "not_cold_enough"),
        (replace(VAN, max_kg=17), "too_heavy"),
        (replace(VAN, max_kg=18), None),
        (replace(VAN, crates=2), "too_many_crates"),
        (replace(VAN, crates=3), None),
    ],
)
def test_what_the_vehicle_lacks_is_named(vehicle: Vehicle, expected: str | None) -> None:
    assert code(COLLECT, able(vehicle)) == expected


def test_one_vehicle_must_have_it_all() -> None:
    warm_and_large, cold_and_small = replace(VAN, chilled=False), replace(VAN, crates=1)

    assert code(COLLECT, able(warm_and_large, cold_and_small)) == "too_many_crates"


def test_goods_of_both_colds_need_a_vehicle_for_both() -> None:
    frozen = replace(LEEK, producer_id=MILK.producer_id, storage=Storage(kind="frozen", max_celsius=-18))
    task = tasks(replace(ORDER, lines=(MILK, frozen)))["order-1.collect.0100000001"]

    assert code(task, able(VAN)) == "not_cold_enough"
    assert code(task, able(replace(VAN, frozen=True))) is None


def test_ambient_goods_go_in_any_vehicle() -> None:
    task = tasks()["order-1.collect.0100000002"]

    assert code(task, able(replace(VAN, chilled=False))) is None


def test_packing_needs_no_vehicle_at_the_depot() -> None:
    assert code(PACK, able()) is None
    assert not packs_on_own_site(PACK, able())


def test_packing_is_at_the_own_site_where_a_vehicle_can_bring_the_goods_there() -> None:
    assert packs_on_own_site(PACK, able(VAN, own_site=True))
    assert not packs_on_own_site(PACK, able(replace(VAN, chilled=False), own_site=True))
    assert not packs_on_own_site(COLLECT, able(VAN, own_site=True))
