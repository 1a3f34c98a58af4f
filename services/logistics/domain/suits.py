"""Does this job suit this enterprise? Skill first, then distance, then what its vehicles can carry."""

from dataclasses import dataclass

from services.logistics.domain.enterprise import Enterprise, Vehicle
from services.logistics.domain.task import Task
from shared.geo import road_metres

WIDE_FACTOR = 2
_GRAMS_A_KG = 1_000


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """Why a job does not suit: a stable code, and a sentence that says what is short."""

    code: str
    detail: str


def metres_to(task: Task, enterprise: Enterprise) -> int:
    """Metres by road from the enterprise's place to the job's first stop."""
    base, first = enterprise.base, task.route[0].place
    return road_metres(base.lat, base.lon, first.lat, first.lon)


def reach_of(enterprise: Enterprise, *, wide: bool) -> int:
    """How far, in metres by road, jobs may start from its place; a job offered wide reaches twice as far."""
    return enterprise.profile.area.radius_m * (WIDE_FACTOR if wide else 1)


def misfit(task: Task, enterprise: Enterprise, *, wide: bool) -> Misfit | None:
    """Why the job does not suit the enterprise, None where it does."""
    return _unskilled(task, enterprise) or _too_far(task, enterprise, wide=wide) or _unable(task, enterprise)


def packs_on_own_site(task: Task, enterprise: Enterprise) -> bool:
    """Packing happens at the enterprise's own site where it has one and a vehicle that brings the goods there."""
    profile = enterprise.profile
    return task.kind == "pack" and profile.own_site and _no_vehicle(task, profile.vehicles) is None


def _unskilled(task: Task, enterprise: Enterprise) -> Misfit | None:
    if task.kind in enterprise.profile.skills:
        return None
    return Misfit(code="skill_missing", detail=f"Your enterprise does not do '{task.kind}': add it to your skills.")


def _too_far(task: Task, enterprise: Enterprise, *, wide: bool) -> Misfit | None:
    reach = reach_of(enterprise, wide=wide)
    metres = metres_to(task, enterprise)
    if metres <= reach:
        return None
    detail = f"Its first stop is {_km(metres)} km from your place by road, your area reaches {_km(reach)} km."
    return Misfit(code="too_far", detail=f"{detail} Choose one nearer, or make your area larger.")


def _unable(task: Task, enterprise: Enterprise) -> Misfit | None:
    """Packing is always possible at the depot; the other kinds need a vehicle."""
    return None if task.kind == "pack" else _no_vehicle(task, enterprise.profile.vehicles)


def _no_vehicle(task: Task, vehicles: tuple[Vehicle, ...]) -> Misfit | None:
    """Narrows the vehicles by cold, weight and crates, and names the first of these that leaves none."""
    if not vehicles:
        return Misfit(code="no_vehicle", detail="Your enterprise has no vehicle: add one to your profile.")
    cold = [each for each in vehicles if _keeps_cold(each, task)]
    strong = [each for each in cold if task.grams <= each.max_kg * _GRAMS_A_KG]
    roomy = [each for each in strong if task.crates <= each.crates]
    if roomy:
        return None
    return _crowded(task, strong) if strong else _overloaded(task, cold)


def _crowded(task: Task, strong: list[Vehicle]) -> Misfit:
    most = max(each.crates for each in strong)
    detail = f"It is {task.crates} crates, your vehicle that can carry it otherwise takes {most}."
    return Misfit(code="too_many_crates", detail=detail)


def _overloaded(task: Task, cold: list[Vehicle]) -> Misfit:
    if cold:
        most = max(each.max_kg for each in cold)
        kilos = -(-task.grams // _GRAMS_A_KG)
        detail = f"It weighs {kilos} kg, your strongest fitting vehicle carries {most} kg."
        return Misfit(code="too_heavy", detail=detail)
    needs = " and ".join(sorted({each.kind for each in task.storage} - {"ambient"}))
    return Misfit(code="not_cold_enough", detail=f"Its goods must be kept {needs}, none of your vehicles can do that.")


def _keeps_cold(vehicle: Vehicle, task: Task) -> bool:
    needs = {each.kind for each in task.storage}
    return (vehicle.chilled or "chilled" not in needs) and (vehicle.frozen or "frozen" not in needs)


def _km(metres: int) -> str:
    return f"{metres / 1_000:.1f}"
