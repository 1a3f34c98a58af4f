"""How much one address or one party may ask, counted in this process alone: docs/decisions/0006 says why.

A limit is a bucket of tokens: full at first, one token a request, filled again evenly. So a burst of all of them is
borne, and after it the even pace.
"""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from shared.errors import TooManyRequestsError

MOST_KEYS = 10_000

_HOUR_S, _MINUTE_S = 3_600, 60
_NETWORK_BITS = 64


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How often; 0 is without a limit. The first two count by address, the last by party."""

    failed_keys_a_minute: int = 0
    registrations_an_hour: int = 0
    requests_a_minute: int = 0


class Meter:
    """Counts by key. `tick` tells seconds, from any moment on; `most` times in `seconds` are free."""

    def __init__(self, most: int, seconds: int, tick: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._tick = tick
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._alone = threading.Lock()

    def take(self, key: str) -> int:
        """Counts one more and answers 0; where there is no room, the whole seconds until there is."""
        if not self._most:
            return 0
        with self._alone:
            return self._take(key, self._tick())

    def _take(self, key: str, now: float) -> int:
        each = self._seconds / self._most
        full_at = max(self._full_at.get(key, now), now) + each
        missing = full_at - now - self._seconds
        if missing > each / 2:  # half a token: rounding is no request
            return max(1, math.ceil(missing))
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > MOST_KEYS:
            self._full_at.popitem(last=False)
        return 0

    def __len__(self) -> int:
        return len(self._full_at)


class Gate:
    """The limits of one process. Each call counts; raises TooManyRequestsError where it is once too often."""

    def __init__(self, limits: Limits, tick: Callable[[], float]) -> None:
        self._failures = Meter(limits.failed_keys_a_minute, _MINUTE_S, tick)
        self._registrations = Meter(limits.registrations_an_hour, _HOUR_S, tick)
        self._requests = Meter(limits.requests_a_minute, _MINUTE_S, tick)

    def failed(self, address: str) -> None:
        """A key from there opened nothing. Keys that open something are never counted, nor kept out by those."""
        _refuse(self._failures.take(network(address)), "Too many keys that open nothing came from your address.")

    def registering(self, address: str) -> None:
        """Somebody there registers."""
        _refuse(self._registrations.take(network(address)), "Too many parties were registered from your address.")

    def asked(self, party: str) -> None:
        """A party asks for something."""
        _refuse(self._requests.take(party), "You ask too much at once.")


def network(address: str) -> str:
    """What counts as one address: a whole /64 of IPv6, as one household has so many."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Address(int(found) >> _NETWORK_BITS << _NETWORK_BITS))


def _refuse(seconds: int, why: str) -> None:
    if seconds:
        raise TooManyRequestsError(f"{why} Try again in {seconds} s.", retry_after=seconds)
