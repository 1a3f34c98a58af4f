"""What reactions have in common: the event that they take, and the steps that they answer."""

from collections.abc import Callable
from typing import TypeVar

from services.logistics.app.kinds import JOB
from services.logistics.domain.job import Decided, Job
from services.logistics.domain.offering import Name
from shared.consumer import Message
from shared.errors import NeverError
from shared.events.base import Event
from shared.store.aggregate import Step

E = TypeVar("E", bound=Event)


def data_of(message: Message, cls: type[E]) -> E:
    """The message's event, which the table of handlers promises to be of this type."""
    if not isinstance(message.data, cls):
        text = f"{message.type} came to the handler of {cls.__name__}."
        raise NeverError(text)
    return message.data


def on_job(name: Name, decide: Callable[[Job | None], Decided]) -> Step:
    """One decision on one job, whether it exists yet or not."""
    return Step(kind=JOB, id=name.job_id, decide=decide)


def on_known_job(job_id: str, decide: Callable[[Job], Decided]) -> Step:
    """One decision on one job; where there is none, nothing happens."""
    return Step(kind=JOB, id=job_id, decide=lambda job: (None, ()) if job is None else decide(job))
