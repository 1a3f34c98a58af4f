"""What it ran on: a figure without its machine says nothing."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

from deploy.hub.jars import read_pinned

_PACKAGES = ("secantusdb", "kafka-python", "pymongo", "flask", "gunicorn")
_GB = 1_000_000_000


def machine() -> str:
    """One line."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    memory = psutil.virtual_memory().total / _GB
    cores = os.cpu_count()
    return (
        f"{cores} cores ({_model()}), {memory:.0f} GB; Python {platform.python_version()}, Kafka {_kafka()}, {packages}"
    )


def busy() -> str | None:
    """A sentence where the machine has other things to do, which makes all times worthless."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return f"The machine was busy before it began (load {load:.1f} on {cores} cores)." if load > cores / 2 else None


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _kafka() -> str:
    versions = {artifact: version_ for _, artifact, version_ in (jar.coordinate for jar in read_pinned())}
    return versions.get("kafka-server", "?")
