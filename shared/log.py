"""Log lines: JSON to stdout, one a request or batch, written at the edges only."""

import logging
import sys

import structlog


def configure(service: str, level: str = "INFO") -> None:
    """Sends structlog and the libraries' warnings to stdout as JSON lines that name the service."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # the loops say once what it says many times a second
    logging.basicConfig(level=logging.ERROR, stream=sys.stdout, format='{"level":"error","event":"%(message)s"}')


def logger() -> structlog.typing.FilteringBoundLogger:
    """The logger that edges write with."""
    return structlog.get_logger()  # type: ignore[no-any-return]  # structlog types it as Any
