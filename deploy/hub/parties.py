"""Speaks to a running hub's accounts API with the operator's key."""

from dataclasses import dataclass
from typing import Any

import httpx

from deploy.hub.trouble import HubError, NotRunningError

# Which service keeps the accounts of a role, and under which noun.
PLACES = {
    "producer": "/producers/v1/producers",
    "buyer": "/orders/v1/buyers",
    "enterprise": "/logistics/v1/enterprises",
}
_NOT_FOUND = 404


@dataclass(frozen=True, kw_only=True)
class Operator:
    """The hub's address and the operator's key to it."""

    address: str
    key: str

    def _ask(self, method: str, path: str) -> httpx.Response:
        try:
            headers = {"Authorization": f"Bearer {self.key}"}
            return httpx.request(method, f"{self.address}{path}", headers=headers, timeout=30)
        except httpx.HTTPError as error:
            message = f"The hub at {self.address} does not answer. `schakel status` tells; `schakel up` starts it."
            raise NotRunningError(message) from error

    def role_of(self, party: str) -> str:
        """Which role the party has. Raises HubError where it has none, or several to choose from."""
        roles = [role for role, place in PLACES.items() if self._knows(f"{place}/{party}")]
        if len(roles) == 1:
            return roles[0]
        if roles:
            message = f"Party {party} is {' and '.join(roles)}. Say which by --role."
            raise HubError(message)
        message = f"No party {party} is known. Its id is its enterprise number, ten digits."
        raise HubError(message)

    def _knows(self, path: str) -> bool:
        answer = self._ask("GET", path)
        if answer.status_code != _NOT_FOUND:
            _checked(answer)
        return answer.is_success

    def keys(self, party: str, role: str) -> list[dict[str, Any]]:
        """The party's keys, without their secrets."""
        return list(_checked(self._ask("GET", f"{PLACES[role]}/{party}/keys")).json()["items"])

    def create_key(self, party: str, role: str) -> dict[str, str]:
        """A further key: `key_id`, and `key`, which is told this once."""
        return dict(_checked(self._ask("POST", f"{PLACES[role]}/{party}/keys")).json())

    def revoke_key(self, party: str, role: str, key_id: str) -> None:
        """The key opens nothing any more."""
        _checked(self._ask("DELETE", f"{PLACES[role]}/{party}/keys/{key_id}"))


def _checked(answer: httpx.Response) -> httpx.Response:
    """The answer itself. Raises HubError with the service's own sentence where it refuses."""
    if answer.is_success:
        return answer
    try:
        detail = str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        detail = f"The hub answered {answer.status_code}. Look at var/log/web.log."
    raise HubError(detail)
