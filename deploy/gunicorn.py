"""Gunicorn's settings, for the hub on one machine and for a service on its own. Each can be set in the environment.

SCHAKEL_WEB_BIND          address and port                             127.0.0.1:8000
SCHAKEL_WEB_WORKERS       processes; about one a core                  2
SCHAKEL_WEB_THREADS       requests at once in each process             8
SCHAKEL_WEB_TIMEOUT       seconds until a stuck process is replaced    60
SCHAKEL_WEB_READ_TIMEOUT  seconds in which a whole request must come   20

The services log their requests themselves, as JSON lines, so the access log is off. Apps are made in the workers,
not before the fork: their database clients do not survive one.
"""

from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

from deploy.serving import LineLogger, PatientWorker
from shared.config import inherited_environment, read_settings

_MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108  # gunicorn makes a file of its own in it, with an unguessable name
_env = inherited_environment()

bind = _env.get("SCHAKEL_WEB_BIND", "127.0.0.1:8000")
workers = int(_env.get("SCHAKEL_WEB_WORKERS", "2"))
threads = int(_env.get("SCHAKEL_WEB_THREADS", "8"))
timeout = int(_env.get("SCHAKEL_WEB_TIMEOUT", "60"))
worker_class = PatientWorker
PatientWorker.read_s = float(_env.get("SCHAKEL_WEB_READ_TIMEOUT", PatientWorker.read_s))
logger_class = LineLogger
preload_app = False
# Long enough for the slowest request, short enough for the supervisor not to lose patience.
graceful_timeout = 30
keepalive = 5
# A leak, of ours or of a library, never grows old; the jitter keeps processes from leaving together.
max_requests = 20_000
max_requests_jitter = 2_000
# A request's line and headers are small; what is longer is refused before it is read.
limit_request_line = 4_094
limit_request_fields = 64
limit_request_field_size = 4_094
# What a proxy adds is read by the services (SCHAKEL_TRUSTED_PROXIES). Gunicorn would believe it of whatever runs on
# this machine, and with it a SCRIPT_NAME or PATH_INFO that a client sent through the proxy.
forwarded_allow_ips = ""
forwarder_headers = ""
accesslog = None
errorlog = "-"
loglevel = "warning"
proc_name = "schakel-web"
# Heartbeats of the processes go to memory, so that a busy disk does not look like a stuck process.
worker_tmp_dir = str(_MEMORY) if _MEMORY.is_dir() else None
# Signals do all that is needed; the socket's usual place would be shared by every hub of this user.
control_socket_disable = True


def child_exit(_server: Any, worker: Any) -> None:  # noqa: ANN401  # gunicorn has no types
    """Metrics of a process that is gone no longer count as of a living one."""
    if read_settings().metrics_dir is not None:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # has no types
