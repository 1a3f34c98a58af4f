"""The error tree. Its first fork is what a loop must do with the error.

SchakelError
├── RefusedError            the sender's fault, final: a problem document, or a dead letter
│   ├── InvalidError        422  the words are understood, the values are not acceptable
│   ├── NotFoundError       404  no such thing, or not yours
│   ├── ConflictError       409  the state of the thing does not allow it (any more)
│   ├── StaleError          412  the caller's copy is older than the truth
│   ├── UnauthenticatedError 401  no key, or one that is not known
│   ├── ForbiddenError      403  known, but not for you
│   └── TooManyRequestsError 429 known or not, too often
├── RetryError              the surroundings' fault: stop, keep the message, try again
│   ├── StoreUnavailableError
│   ├── BusUnavailableError
│   └── ContendedError      many writers on one document at once
└── NeverError              a bug or poison: dead letter, and somebody must look
    ├── MalformedEventError
    └── SettingsError       what the environment says cannot be: the program says so and ends
"""

from collections.abc import Mapping


class SchakelError(Exception):
    """The root: everything this project raises on purpose."""


class RefusedError(SchakelError):
    """A refusal that the sender can understand and act upon.

    `code` is stable and snake_case; `detail` says what is wrong and what to do, in a sentence;
    `field` is the dotted path of the value at fault, where one value is.
    """

    status = 400

    def __init__(self, code: str, detail: str, *, field: str | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.field = field


class InvalidError(RefusedError):
    """The values are not acceptable."""

    status = 422


class NotFoundError(RefusedError):
    """There is no such thing, or it is not the caller's to see."""

    status = 404


class ConflictError(RefusedError):
    """The state of the thing does not allow it."""

    status = 409


class StaleError(RefusedError):
    """The caller decided on a copy that is older than the truth."""

    status = 412


class UnauthenticatedError(RefusedError):
    """No key, or none that is known."""

    status = 401


class ForbiddenError(RefusedError):
    """The key is known; the door is not for it."""

    status = 403


class TooManyRequestsError(RefusedError):
    """Asked too often; `retry_after` is in how many seconds there is room again."""

    status = 429

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__("too_many_requests", detail)
        self.retry_after = retry_after


class RetryError(SchakelError):
    """The surroundings failed; the same work may succeed later."""


class StoreUnavailableError(RetryError):
    """The database cannot be reached, or cannot write (a full disk, say)."""


class BusUnavailableError(RetryError):
    """The broker cannot be reached, or did not acknowledge."""


class ContendedError(RetryError):
    """Too many writers raced for one document."""


class NeverError(SchakelError):
    """A bug or a poisoned message: retrying cannot help."""


class MalformedEventError(NeverError):
    """A record that is not an event of the catalogue's shape."""


class UnstorableError(NeverError):
    """Documents that no database can hold; `why` is a sentence for each of their ids."""

    def __init__(self, why: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{id_[:80]}: {text}" for id_, text in why.items())[:1_000])
        self.why = dict(why)


class SettingsError(NeverError):
    """Settings that contradict each other, or lack something. The message says which, and never has a secret in it."""
