"""Log lines: JSON to stdout, one a request or batch, written at the edges only. No secret is ever in one."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

import structlog

# What nobody should have written, and somebody's error message may hold: passwords in addresses, keys of parties and
# in headers, and whatever calls itself a secret.
_SECRETS = re.compile(
    r"""(?P<address>\b[a-z][a-z0-9+.-]{0,30}://)[^\s"'<>/@]{0,200}:[^\s"'<>]{0,400}@"""
    r"""|\b(?P<role>producer|buyer|enterprise)_(?P<party>\d{10})_(?P<id>[0-9a-f]{12})_[\w-]+"""
    r"""|\b(?P<scheme>bearer|basic)\s+[\w.~+/=-]{8,}"""
    r"""|(?P<name>(?:password|passwd|secret|token|api_?key)\\?["']?\s*[:=]\s*\\?["']?)[^\s"'\\,;&)}]+""",
    re.IGNORECASE,
)
# One of these is in whatever the pattern finds; most lines have none, and looking for them costs next to nothing.
_SIGNS = ("://", "producer_", "buyer_", "enterprise_", "bearer", "basic", "passw", "secret", "token", "api")
_HIDDEN = "***"


def configure(service: str, level: str = "INFO") -> None:
    """Sends structlog and the libraries' warnings to stdout as JSON lines that name the service."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
            _hide,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # the loops say once what it says many times a second
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=logging.ERROR, handlers=[handler])


def logger() -> structlog.typing.FilteringBoundLogger:
    """The logger that edges write with."""
    return structlog.get_logger()  # type: ignore[no-any-return]  # structlog types it as Any


def without_secrets(text: str) -> str:
    """The text with every secret that can be told by its looks made unreadable."""
    low = text.lower()
    return _SECRETS.sub(_mask, text) if any(sign in low for sign in _SIGNS) else text


class LineFormatter(logging.Formatter):
    """What libraries say, as one JSON line without secrets, whatever is in it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat()
        line = {"level": record.levelname.lower(), "logger": record.name, "event": super().format(record)}
        return without_secrets(json.dumps({**line, "timestamp": at}, ensure_ascii=False))


def _hide(_logger: object, _method: str, line: Any) -> str:  # noqa: ANN401  # structlog types no rendered lines
    return without_secrets(line)


def _mask(found: re.Match[str]) -> str:
    if found["address"]:
        return f"{found['address']}{_HIDDEN}@"
    if found["role"]:
        return f"{found['role']}_{found['party']}_{found['id']}_{_HIDDEN}"
    return f"{found['scheme']} {_HIDDEN}" if found["scheme"] else f"{found['name']}{_HIDDEN}"
