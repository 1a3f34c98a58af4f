"""The aggregates of this service: their collections and what is searched in them."""

from services.logistics.domain.job import Job
from shared.accounts.api import account_kind
from shared.store.aggregate import Kind
from shared.store.port import Index, Where

NOUN = "enterprises"

ENTERPRISE = account_kind(NOUN)
JOB = Kind(
    collection="jobs",
    state=Job,
    # Few: every one of them is paid at every write. An order's jobs are found by what their ids begin with.
    indexes=(
        Index(fields=("state.lat", "state.lon")),
        Index(fields=("state.holder_id", "state.page_key")),
        Index(fields=("state.status", "state.page_key")),
        Index(fields=("state.due_at",)),
    ),
)


def jobs_of(order_id: str) -> Where:
    """Finds an order's jobs: their ids begin with its own, and a dot."""
    return {"_id": {"$gt": f"{order_id}.", "$lt": f"{order_id}/"}}
