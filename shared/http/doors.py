"""Who may enter: each view names its roles, the app refuses everybody else before the body is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, g, request
from flask_smorest import Blueprint

from shared.errors import ForbiddenError, UnauthenticatedError
from shared.http.limits import Gate

View = TypeVar("View", bound=Callable[..., Any])

ROLES_ATTRIBUTE = "schakel_roles"
WAITING_ATTRIBUTE = "schakel_waiting_may_enter"
REGISTERS_ATTRIBUTE = "schakel_registers"

_TOO_OFTEN = {429: "TOO_MANY_REQUESTS"}

OPERATOR = "operator"
METRICS = "metrics"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks: a party in its role, the operator (whose `party_id` is `operator`), or who reads the metrics.

    `account` is what its service keeps of the party, read when its key was checked; the others have none.
    """

    party_id: str
    role: str
    approved: bool = True
    account: Any = None

    @property
    def is_operator(self) -> bool:
        """The hub's own people."""
        return self.role == OPERATOR


def guard(*roles: str, waiting: bool = False) -> Callable[[View], View]:
    """Only these roles may enter; a party that waits for approval only where `waiting`."""
    who = f"For: {', '.join(roles)}."
    described = Blueprint.doc(security=[{"bearer": []}], description=who, responses=_TOO_OFTEN)

    def mark(view: View) -> View:
        marked = described(view)
        setattr(marked, ROLES_ATTRIBUTE, roles)
        setattr(marked, WAITING_ATTRIBUTE, waiting)
        return marked  # type: ignore[no-any-return]  # flask-smorest has no types

    return mark


def public(view: View) -> View:
    """Anybody may enter."""
    marked = Blueprint.doc(security=[])(view)
    setattr(marked, ROLES_ATTRIBUTE, ())
    return marked  # type: ignore[no-any-return]  # as above


def registers(view: View) -> View:
    """Anybody may enter, though not often from one address."""
    marked = Blueprint.doc(responses=_TOO_OFTEN)(public(view))
    setattr(marked, REGISTERS_ATTRIBUTE, True)
    return marked  # type: ignore[no-any-return]  # as above


def caller() -> Caller:
    """Who asks, in a guarded view."""
    found: Caller = g.caller
    return found


def own_or_operator(party_id: str) -> bool:
    """Whether the caller is this party, or the operator."""
    return caller().is_operator or caller().party_id == party_id


def check_door(authenticate: Callable[[str], Caller], gate: Gate) -> None:
    """Runs before every request: finds the caller and refuses who may not enter, or asks too often."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, REGISTERS_ATTRIBUTE, False):
        gate.registering(request.remote_addr or "")
    roles = getattr(view, ROLES_ATTRIBUTE, ())
    if not roles:
        return
    g.caller = _who(authenticate, gate)
    if g.caller.role not in roles:
        raise ForbiddenError("wrong_role", f"This is for {' or '.join(roles)}; your key is a {g.caller.role}'s.")
    if not g.caller.approved and not getattr(view, WAITING_ATTRIBUTE, False):
        raise ForbiddenError("waiting_for_approval", "The hub operator has not approved you yet; you will hear soon.")


def _who(authenticate: Callable[[str], Caller], gate: Gate) -> Caller:
    """A key that works is let in whatever others tried from the same address: many people share one."""
    token = _bearer()
    try:
        found = authenticate(token)
    except UnauthenticatedError:
        gate.failed(request.remote_addr or "")
        raise
    if not found.is_operator:
        gate.asked(f"{found.role} {found.party_id}")
    return found


def _bearer() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthenticatedError("key_missing", "Send your key: `Authorization: Bearer …`. Register to get one.")
    return token.strip()
