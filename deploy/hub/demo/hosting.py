"""The hub that the demo plays on: started here, with Kafka and a database, or in this process where those cannot be."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.hub import operator_key, supervise
from deploy.hub.demo.client import Hub
from deploy.hub.jars import Progress
from deploy.hub.plan import Plan
from deploy.hub.trouble import KafkaFetchError
from shared.config import read_settings
from shared.errors import NeverError
from shared.ids import digest

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Hosted:
    """A hub that serves; `kept`: what is played on it stays for a later run."""

    hub: Hub
    kept: bool


@contextmanager
def hosted(plan: Plan, tell: Tell, fetching: Progress) -> Iterator[Hosted]:
    """A hub that serves until the block ends; `fetching(done, of, name)` follows what is fetched.

    Raises HubError where it cannot be started.
    """
    try:
        supervise.start(plan, tell, fetching)
    except KafkaFetchError as error:
        tell(f"{error}")
        tell("So the demo plays in this one process, on a bus and a store in memory: nothing of it is kept.")
        with _in_this_process(plan) as hub:
            yield Hosted(hub=hub, kept=False)
        return
    try:
        yield Hosted(hub=Hub(base_url=plan.address, operator_key=_key(plan)), kept=True)
    finally:
        tell("Stopping the hub.")
        supervise.stop(plan.layout, tell)


def _key(plan: Plan) -> str:
    """The operator's key. Raises NeverError where the hub was told to take another one, which nobody knows here."""
    key = operator_key.key_file(plan.layout).read_text(encoding="utf-8").strip()
    if read_settings().operator_key_sha256 not in ("", digest(key)):
        raise NeverError("SCHAKEL_OPERATOR_KEY_SHA256 names a key that the demo does not have: unset it.")
    return key


@contextmanager
def _in_this_process(plan: Plan) -> Iterator[Hub]:
    # Imported late: all the services' code, which the usual way does without.
    from deploy.hub.demo.one_process import one_process_hub  # noqa: PLC0415

    with one_process_hub(plan.ports.web) as hub:
        yield hub
