"""The aggregates of this service: their collections and what is searched in them."""

from services.logistics.domain.job import Job
from shared.accounts.api import account_kind
from shared.store.aggregate import Kind
from shared.store.port import Index

NOUN = "enterprises"

ENTERPRISE = account_kind(NOUN)
JOB = Kind(
    collection="jobs",
    state=Job,
    indexes=(
        Index(fields=("state.lat", "state.lon")),
        Index(fields=("state.holder_id", "state.page_key")),
        Index(fields=("state.status", "state.page_key")),
        Index(fields=("state.escalated", "state.page_key")),
        Index(fields=("state.page_key",)),
        Index(fields=("state.order_id",)),
        Index(fields=("state.due_at",)),
    ),
)
