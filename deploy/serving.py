"""What gunicorn is given of ours: threads that wait for no client for ever, and a log without secrets.

Gunicorn's own threads read a request and send its answer without a limit: a telephone that is out of reach, or
somebody who sends a letter a minute, would keep a thread until the process ends. Here a request must be there
`READ_S` after a thread took it, and its answer be taken within `SEND_S`; else the connection is closed. And gunicorn
waits, at the end of a connection, for the client to close it too, in the one thread that takes connections in: here
the thread that had the request does so, for `LINGER_S`.
"""

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]  # gunicorn has no types
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]  # as above

from shared.log import LineFormatter

READ_S = 20.0
SEND_S = 30.0
LINGER_S = 1.0

_PIECE = 65_536


class HurriedSocket(socket.socket):
    """A connection of which each request has its deadline. Who is too late looks like somebody who is gone."""

    deadline = 0.0
    parted = False

    def part(self) -> None:
        """Says that nothing more comes, and waits a little for the client to say so too: it may still be reading."""
        self.parted = True
        with suppress(OSError):
            self.settimeout(LINGER_S)
            super().shutdown(socket.SHUT_WR)
            self.recv(_PIECE)

    def shutdown(self, how: int, /) -> None:
        """As ever; raises OSError where they have parted, and who closes need not wait again."""
        if self.parted:
            raise _gone()
        super().shutdown(how)

    def hurry(self, seconds: float) -> None:
        """The next request must be read in so many seconds."""
        self.deadline = time.monotonic() + seconds

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """As ever, until the deadline."""
        with self._within(self.deadline - time.monotonic()):
            return super().recv(size, flags)

    def sendall(self, data: Any, flags: int = 0, /) -> None:  # noqa: ANN401  # whatever is like bytes
        """All of it, within the time for an answer."""
        with self._within(SEND_S):
            super().sendall(data, flags)

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:  # noqa: ANN401  # or like a file
        """The same for a file."""
        with self._within(SEND_S):
            return super().sendfile(file, offset, count)

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """What has a timeout of its own already keeps it."""
        if self.gettimeout() is not None:
            yield
            return
        if seconds <= 0:
            raise _gone()
        self.settimeout(seconds)
        try:
            yield
        except TimeoutError as error:
            raise _gone() from error
        finally:
            self.settimeout(None)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Threads that give each request its time and no more."""

    read_s = READ_S

    def enqueue_req(self, conn: Any) -> None:  # noqa: ANN401  # as above
        """Before a thread has it, a new connection becomes one that can be hurried."""
        if not isinstance(conn.sock, HurriedSocket):
            conn.sock = HurriedSocket(fileno=conn.sock.detach())
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:  # noqa: ANN401  # as above
        """One request; its time begins when a thread takes it."""
        conn.sock.hurry(self.read_s)
        goes_on = super().handle(conn)
        if not goes_on:
            conn.sock.part()
        return goes_on


class LineLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's own words as JSON lines like all others: it repeats what clients send amiss, keys included."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401  # as above
        """As ever, with our lines."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(LineFormatter())


def _gone() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, "The client took too long.")
