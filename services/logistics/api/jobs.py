"""The board and the jobs: see, take up, give back, begin, end."""

from collections.abc import Sequence
from typing import Any

from flask_smorest import Blueprint

from services.logistics.api import schemas, views
from services.logistics.app.board import Wanted, board
from services.logistics.app.enterprises import enterprise_of
from services.logistics.app.work import Asked, Work
from services.logistics.domain.enterprise import Enterprise
from services.logistics.domain.job import Job
from services.logistics.domain.reasons import Teller, reasons_for
from shared.http.conditions import etag, if_match
from shared.http.doors import caller, guard
from shared.http.fields import page_schema
from shared.store.aggregate import Saved
from shared.values import JOB_KINDS

_JobPage = page_schema(schemas.JobSchema)

Answer = tuple[dict[str, Any], int, dict[str, str]]

_FILTERS = {
    "status": "state.status",
    "kind": "state.kind",
    "escalated": "state.escalated",
}


def jobs_blueprints(work: Work) -> list[Blueprint]:
    """What people look at, and what they do."""
    return [_seeing(work), _taking(work), _ending(work)]


def _seeing(work: Work) -> Blueprint:
    blueprint = Blueprint("board", __name__, url_prefix="/v1", description="The board, jobs, reasons to fail.")

    @blueprint.get("/board")
    @guard("enterprise")
    @blueprint.arguments(schemas.BoardArgs, location="query")
    @blueprint.response(200, _JobPage)
    def show_board(args: dict[str, Any]) -> dict[str, Any]:
        """Open jobs that suit me, nearest first."""
        kinds = (args["kind"],) if args["kind"] else JOB_KINDS
        wanted = Wanted(kinds=kinds, after=views.spot_of(args["cursor"]), limit=args["limit"])
        found, more = board(work.ledger, enterprise_of(caller().account), wanted)
        return views.board_page(found, caller(), more=more)

    @blueprint.get("/jobs")
    @guard("enterprise", "operator")
    @blueprint.arguments(schemas.JobsArgs, location="query")
    @blueprint.response(200, _JobPage)
    def list_jobs(args: dict[str, Any]) -> dict[str, Any]:
        """My jobs, newest first; for the operator all jobs."""
        wanted = {name: args[name] for name in _FILTERS if args[name] is not None}
        if args["order_id"]:
            jobs = work.of_order(caller(), args["order_id"])
            return _page([each for each in jobs if all(getattr(each.state, name) == wanted[name] for name in wanted)])
        where = {_FILTERS[name]: value for name, value in wanted.items()}
        page = work.page(caller(), where, args["cursor"], args["limit"])
        return _page(page.items, page.next)

    @blueprint.get("/jobs/<job_id>")
    @guard("enterprise", "operator")
    @blueprint.response(200, schemas.JobDetailSchema)
    def show_job(job_id: str) -> Answer:
        """One job: mine, an open one, or any for the operator."""
        return _answer(work.show(job_id, caller()))

    @blueprint.get("/fail-reasons")
    @guard("enterprise", "operator")
    @blueprint.arguments(schemas.ReasonsArgs, location="query")
    @blueprint.response(200, page_schema(schemas.ReasonSchema))
    def list_reasons(args: dict[str, Any]) -> dict[str, Any]:
        """The reasons that the caller may give for a job that failed."""
        teller: Teller = "operator" if caller().is_operator else "enterprise"
        return {"items": reasons_for(teller, args["kind"]), "next": None}

    return blueprint


def _taking(work: Work) -> Blueprint:
    blueprint = Blueprint("taking", __name__, url_prefix="/v1/jobs", description="Taking up work.")

    @blueprint.post("/<job_id>/claim")
    @guard("enterprise")
    @blueprint.response(200, schemas.JobDetailSchema)
    def claim(job_id: str) -> Answer:
        """Take an open job up."""
        return _answer(work.claim(_asked(job_id)))

    @blueprint.post("/<job_id>/drop")
    @guard("enterprise")
    @blueprint.arguments(schemas.DropSchema)
    @blueprint.response(200, schemas.JobDetailSchema)
    def drop(body: dict[str, Any], job_id: str) -> Answer:
        """Give a job back that has not begun."""
        return _answer(work.drop(_asked(job_id), body["reason"]))

    @blueprint.post("/<job_id>/start")
    @guard("enterprise")
    @blueprint.response(200, schemas.JobDetailSchema)
    def start(job_id: str) -> Answer:
        """Begin: from here the job cannot be cancelled."""
        return _answer(work.start(_asked(job_id)))

    return blueprint


def _ending(work: Work) -> Blueprint:
    blueprint = Blueprint(
        "ending", __name__, url_prefix="/v1/jobs", description="Ending work: done, failed, cancelled."
    )

    @blueprint.post("/<job_id>/done")
    @guard("enterprise")
    @blueprint.arguments(schemas.HandOverSchema)
    @blueprint.response(200, schemas.JobDetailSchema)
    def done(body: dict[str, Any], job_id: str) -> Answer:
        """End a job that has begun, with its hand-over."""
        now = work.now()
        return _answer(work.done(_asked(job_id), schemas.hand_over(body, now), now))

    @blueprint.post("/<job_id>/fail")
    @guard("enterprise", "operator")
    @blueprint.arguments(schemas.FailSchema)
    @blueprint.response(200, schemas.JobDetailSchema)
    def fail(body: dict[str, Any], job_id: str) -> Answer:
        """Say that it failed, and why."""
        return _answer(work.fail(_asked(job_id), body["reason"], body["note"]))

    @blueprint.post("/<job_id>/cancel")
    @guard("operator")
    @blueprint.response(200, schemas.JobDetailSchema)
    def cancel(job_id: str) -> Answer:
        """Cancel a collect job that has not begun; what waits for its goods hears of it."""
        return _answer(work.cancel(_asked(job_id)))

    return blueprint


def _asked(job_id: str) -> Asked:
    return Asked(job_id=job_id, who=caller(), version=if_match())


def _page(jobs: Sequence[Saved[Job]], following: str | None = None) -> dict[str, Any]:
    mine = _me()
    return {"items": [views.brief(each, caller(), mine) for each in jobs], "next": following}


def _me() -> Enterprise | None:
    return None if caller().is_operator else enterprise_of(caller().account)


def _answer(saved: Saved[Job]) -> Answer:
    return views.detail(saved, caller(), _me()), 200, etag(saved.version)
