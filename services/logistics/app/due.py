"""What time asks of jobs."""

from services.logistics.app.kinds import JOB
from services.logistics.app.timing import moment_of_due
from services.logistics.domain.job import Decided, Job
from services.logistics.domain.overdue import overdue
from shared.hub import Deadlines
from shared.worker import Due


def jobs_due(deadlines: Deadlines) -> Due:
    """Jobs that wait too long for somebody, or are not finished in time."""

    def decide(job: Job, now: str) -> Decided:
        return overdue(job, moment_of_due(deadlines, now))

    return Due(kind=JOB, decide=decide)
