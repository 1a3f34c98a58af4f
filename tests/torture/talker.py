"""A client that knows what it does not know: it asks until it is answered, and says whether a try got lost."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

_PAUSE_S = 0.3
_SLOW_DOWN_S = 1.0
_TOO_MANY = 429
_FAULT = 500
_ERRORS_FROM = 400


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How a request was answered. `interrupted`: an earlier try of it got no answer, or one that it was not done."""

    status: int
    document: Mapping[str, Any]
    tries: int
    interrupted: bool
    began: float
    ended: float

    @property
    def accepted(self) -> bool:
        """It got a 2xx."""
        return self.status < _ERRORS_FROM

    @property
    def code(self) -> str:
        """Why it was refused; empty where it was not."""
        return "" if self.accepted else str(self.document.get("code", self.status))


class UnansweredError(Exception):
    """The hub did not answer within the patience of its clients."""


@dataclass(kw_only=True)
class Line:
    """What talkers share: connections, how many seconds they ask on, where faults are told, and counts."""

    http: httpx.Client
    patience_s: float
    fault: Callable[[str], None]
    lock: threading.Lock
    lost: int = 0
    put_off: int = 0

    def count(self, *, lost: bool) -> None:
        """One try more that got lost, or was put off with a 503."""
        with self.lock:
            self.lost, self.put_off = self.lost + lost, self.put_off + (not lost)


class Talker:
    """Speaks for the holder of one key."""

    def __init__(self, line: Line, key: str) -> None:
        self._line = line
        self._headers = {"Authorization": f"Bearer {key}"}

    def get(self, path: str, **params: str | int) -> Answer:
        """A document or a page."""
        return self._ask("GET", path, params=params)

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, once: str = "") -> Answer:
        """A request; `once` is its Idempotency-Key."""
        return self._ask("POST", path, json=dict(body or {}), headers={"Idempotency-Key": once} if once else {})

    def patch(self, path: str, body: Mapping[str, Any]) -> Answer:
        """A change."""
        return self._ask("PATCH", path, json=dict(body))

    def once(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """A POST that is sent one time, whatever comes of it."""
        return self._line.http.post(path, json=dict(body), headers=self._headers)

    def _ask(self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
        """The first answer that is one. Raises UnansweredError."""
        began, tries, interrupted = time.monotonic(), 0, False
        while time.monotonic() - began < self._line.patience_s:
            tries += 1
            answer = self._try(method, path, {**self._headers, **(headers or {})}, more)
            if answer is not None and answer.status_code < _FAULT and answer.status_code != _TOO_MANY:
                return _answer(answer, tries, began, interrupted=interrupted)
            interrupted = interrupted or answer is None or answer.status_code >= _FAULT
            time.sleep(_SLOW_DOWN_S if answer is not None and answer.status_code == _TOO_MANY else _PAUSE_S)
        message = f"{method} {path} got no answer in {self._line.patience_s:.0f} s and {tries} tries."
        self._line.fault(message)
        raise UnansweredError(message)

    def _try(self, method: str, path: str, headers: dict[str, str], more: dict[str, Any]) -> httpx.Response | None:
        try:
            answer = self._line.http.request(method, path, headers=headers, **more)
        except httpx.TransportError:
            self._line.count(lost=True)
            return None
        if answer.status_code >= _FAULT:
            self._line.count(lost=False)
            self._check(f"{method} {path}", answer)
        return answer

    def _check(self, asked: str, answer: httpx.Response) -> None:
        """Whatever is killed, the one trouble that may be told is a 503 problem that says when to try again."""
        problem = answer.headers.get("Content-Type", "").startswith("application/problem+json")
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or not problem or "Retry-After" not in answer.headers:
            self._line.fault(f"{asked} was answered {answer.status_code}: {answer.text[:300]}")


def _answer(answer: httpx.Response, tries: int, began: float, *, interrupted: bool) -> Answer:
    return Answer(
        status=answer.status_code,
        document=answer.json() if answer.content else {},
        tries=tries,
        interrupted=interrupted,
        began=began,
        ended=time.monotonic(),
    )
