"""One Ctrl-C, or one polite kill, ends a command in order; further ones do not disturb the stopping."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[None]:
    """In the block, the first such signal raises KeyboardInterrupt; but under nohup, a closed terminal does not."""
    heard = [number for number in _ENDINGS if (number, signal.getsignal(number)) != (signal.SIGHUP, signal.SIG_IGN)]
    usual = {number: signal.signal(number, _interrupt_once) for number in heard}
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


def _interrupt_once(_number: int, _frame: FrameType | None) -> None:
    for number in _ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
