"""What a caller may reach: a producer its own, the operator (`owner` None) all."""

from typing import Any, Protocol, TypeVar

from shared.errors import NotFoundError
from shared.store.aggregate import Saved


class _Owned(Protocol):
    @property
    def producer_id(self) -> str: ...


S = TypeVar("S", bound=_Owned)


def own(saved: Saved[S] | None, owner: str | None, what: str) -> Saved[S]:
    """The aggregate, where it exists and is the caller's. Else NotFoundError, whichever it is."""
    if saved is None or owner not in {None, saved.state.producer_id}:
        raise NotFoundError(f"no_such_{what}", f"There is no such {what}, or it is not yours: list yours to see them.")
    return saved


def narrowed(owner: str | None, **wanted: str | None) -> dict[str, Any]:
    """Where to look: the owner's, and whatever of `wanted` is given."""
    fields = {"producer_id": owner, **{name: value for name, value in wanted.items() if value is not None}}
    if owner is not None:
        fields["producer_id"] = owner
    return {f"state.{name}": value for name, value in fields.items() if value is not None}
