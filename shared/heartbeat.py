"""A sign of life that others can see: a file that a loop touches as long as it goes round."""

import time
from collections.abc import Callable
from pathlib import Path

_EVERY_S = 1.0


class Heartbeat:
    """Touches its file, at most once a second. Without one, or where it cannot be touched, nothing happens."""

    def __init__(self, file: Path | None, tick: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._tick = tick
        self._next = tick()

    def beat(self) -> None:
        """To be called in each round."""
        if self._file is None or self._tick() < self._next:
            return
        self._next = self._tick() + _EVERY_S
        try:
            self._file.touch()
        except OSError:  # a full disk, say: whoever looks will see that there is no sign
            return
