"""A thin client of a hub's HTTP APIs: one key, clear refusals, and the same request again after a lost connection."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from shared.errors import RetryError, SchakelError

_WAITS_S = (0.1, 0.3, 1.0, 2.0, 4.0, 8.0)
_TRY_AGAIN = (502, 503, 504)
_PAGE = 200
_NOT_FOUND = 404
_ERRORS_FROM = 400


class AnsweredNoError(SchakelError):
    """The hub refused a request, with a problem document that says why."""

    def __init__(self, asked: str, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", "unknown"))
        self.detail = str(problem.get("detail") or problem.get("title") or "The answer does not say why.")
        errors = problem.get("errors")
        more = f" {errors}" if errors else ""
        super().__init__(f"{asked} was refused with {status} {self.code}: {self.detail}{more}")


class UnreachableError(RetryError):
    """The hub did not answer, however often it was asked."""


@dataclass(frozen=True, kw_only=True)
class Hub:
    """Where a hub's services are, and the key of its operator. `base_url` has no slash at its end."""

    base_url: str
    operator_key: str


class Client:
    """Speaks for the holder of one key; without one only what is public answers. Threads may share it."""

    def __init__(self, http: httpx.Client, key: str = "") -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path: str, **params: str | int | bool) -> Any:  # noqa: ANN401  # a JSON document
        """The document there."""
        return self._ask("GET", path, params=params)

    def find(self, path: str) -> Any:  # noqa: ANN401  # a JSON document
        """The document there, None where there is none."""
        try:
            return self.get(path)
        except AnsweredNoError as error:
            if error.status == _NOT_FOUND:
                return None
            raise

    def all(self, path: str, **params: str | int | bool) -> Iterator[Any]:
        """Every item of a list, page by page."""
        cursor: str | None = ""
        while cursor is not None:
            page = self.get(path, **params, limit=_PAGE, **({"cursor": cursor} if cursor else {}))
            yield from page["items"]
            cursor = page["next"]

    def post(self, path: str, body: Any = None, *, once: str | None = None) -> Any:  # noqa: ANN401  # JSON in and out
        """What the hub answers. `once` is the Idempotency-Key: the same request again then has no further effect."""
        return self._ask("POST", path, json={} if body is None else body, once=once)

    def patch(self, path: str, body: Any) -> Any:  # noqa: ANN401  # JSON in and out
        """The changed document."""
        return self._ask("PATCH", path, json=body)

    def _ask(self, method: str, path: str, *, once: str | None = None, **more: Any) -> Any:  # noqa: ANN401  # httpx's own options
        headers = {**self._headers, **({"Idempotency-Key": once} if once else {})}
        answer = self._answer(method, path, headers, more)
        if answer.status_code >= _ERRORS_FROM:
            raise AnsweredNoError(f"{method} {path}", answer.status_code, _problem(answer))
        return answer.json() if answer.content else None

    def _answer(self, method: str, path: str, headers: dict[str, str], more: dict[str, Any]) -> httpx.Response:
        """Every request bears repetition: reads anyway, creations by their key, changes because they name a state."""
        trouble = ""
        for wait in (*_WAITS_S, None):
            try:
                answer = self._http.request(method, path, headers=headers, **more)
                if answer.status_code not in _TRY_AGAIN:
                    return answer
                trouble = f"it answered {answer.status_code}"
            except httpx.TransportError as error:
                trouble = f"{type(error).__name__} {error}".strip()
            if wait is not None:
                time.sleep(wait)
        message = f"{method} {path} got no answer after {len(_WAITS_S) + 1} tries: {trouble}. Does the hub still run?"
        raise UnreachableError(message)


def open_http(hub: Hub, *, connections: int = 8) -> httpx.Client:
    """Connections to a hub, to be closed after use."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    return httpx.Client(base_url=hub.base_url, timeout=30, limits=limits, trust_env=False)


def segment(text: str) -> str:
    """Text as one step of a path."""
    return quote(text, safe="")


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {"detail": answer.text[:200]}
    return document if isinstance(document, dict) else {"detail": str(document)[:200]}
