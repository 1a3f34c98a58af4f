"""The supervisor as this hub starts it: it lives on when the disk is full.

Where a line cannot be written to a log, supervisord says so on its own standard error; that is a file on the same
disk, and the second failure would end it and, sooner or later, the hub. So what standard error cannot take is dropped.
"""

import sys
from collections.abc import Iterable
from typing import TextIO

from supervisor import supervisord


class Forgetful:
    """A text stream in front of another: what that one refuses is lost, and nobody stumbles over it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """All of it, or as much as there was room for."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            return 0
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """One after the other."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Every write has done it."""

    def fileno(self) -> int:
        """The other stream's."""
        return self._stream.fileno()


def main() -> None:
    """Runs the supervisor in this process."""
    sys.stdout, sys.stderr = Forgetful(sys.stdout), Forgetful(sys.stderr)
    supervisord.main()


if __name__ == "__main__":
    main()
