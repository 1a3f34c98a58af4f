"""Promise 3: a job has at most one holder, at every moment of its story; and no goods go on before they came."""

from collections import defaultdict
from typing import Any

from tests.simulation.invariants.events import Told, told
from tests.simulation.watch import FINAL_JOB
from tests.simulation.world import World


def one_holder(hub: World) -> None:
    """Between two claims of a job lies somebody giving it back."""
    stories: dict[str, list[Told]] = defaultdict(list)
    for each in told(hub, "jobs"):
        stories[each.data["job_id"]].append(each)
    for id_, story in stories.items():
        _follow(hub, id_, sorted(story, key=lambda each: each.place))


def goods_first(hub: World) -> None:
    """What a job carried, or lost, had come from the job before it, in no more packs; and that was told first."""
    came: dict[str, dict[str, int]] = {}
    jobs = hub.states("logistics", "jobs")
    for each in told(hub, "jobs", "JobDone", "JobFailed", "JobCancelled"):
        job = jobs[each.data["job_id"]]
        if each.data.get("again"):
            continue
        if each.data["kind"] != "collect" and each.type != "JobCancelled":
            _carried(hub, job, each, came)
        moved = each.data["lines"] if each.type == "JobDone" else ()
        came[job["id"]] = {line["line_id"]: line["count"] for line in moved}


def _carried(hub: World, job: Any, each: Told, came: dict[str, dict[str, int]]) -> None:
    source = {line["id"]: line["source_id"] for line in job["task"]["lines"]}
    for line in each.data["lines"]:
        there = came.get(source[line["line_id"]], {}).get(line["line_id"], 0)
        text = f"{each.type} of {job['id']} has {line['count']} packs of line {line['line_id']}; {there} had come."
        hub.notes.expect(line["count"] <= there, "goods_come_first", text)


def something_to_do(hub: World) -> None:
    """Nobody is asked to carry what will never come."""
    jobs = hub.states("logistics", "jobs")
    for id_, job in jobs.items():
        if job["status"] in ("open", "claimed") and job["task"]["sources"]:
            before = [jobs[source["job_id"]] for source in job["task"]["sources"]]
            comes = any(each["status"] not in FINAL_JOB or _moved(each) for each in before)
            hub.notes.expect(comes, "goods_come_first", f"Job {id_} is {job['status']}, and nothing will ever come.")


def _moved(job: Any) -> int:
    return sum(line["count"] for line in (job["handover"] or {}).get("lines", ()))


def how_they_ended(hub: World) -> None:
    """Counts why jobs did not get done; breaks nothing."""
    for job in hub.states("logistics", "jobs").values():
        if job["outcome"]:
            hub.notes.count("end of job", f"{job['kind']} {job['status']}: {job['outcome']}")


def _follow(hub: World, id_: str, story: list[Told]) -> None:
    holder: str | None = None
    for each in story:
        doer = each.data.get("enterprise_id")
        if each.type == "JobClaimed":
            hub.notes.expect(holder is None, "3_one_holder", f"{doer} claimed {id_}, which {holder} held.")
            holder = doer
        elif each.type in ("JobStarted", "JobDone", "JobDropped"):
            hub.notes.expect(holder == doer, "3_one_holder", f"{each.type} of {id_} by {doer}; {holder} held it.")
        if each.type == "JobDropped" or (each.type == "JobFailed" and each.data["again"]):
            holder = None
