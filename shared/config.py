"""Settings from the environment, the only place that reads it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_MONGODB_URI = "mongodb://127.0.0.1:27117/?journal=true&retryWrites=false&w=majority"
DEFAULT_BOOTSTRAP = "127.0.0.1:9192"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What differs between one machine and another. All of it has a default that suits `schakel up`."""

    mongodb_uri: str = DEFAULT_MONGODB_URI
    kafka_bootstrap: str = DEFAULT_BOOTSTRAP
    operator_key_sha256: str = ""
    hub_file: Path | None = None
    log_level: str = "INFO"
    database_prefix: str = "schakel"
    instance: str = ""
    topic_partitions: int = 6
    metrics_dir: Path | None = None


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment gives; what it does not name keeps its default."""
    values = os.environ if env is None else env
    return Settings(
        mongodb_uri=values.get("MONGODB_URI") or DEFAULT_MONGODB_URI,
        kafka_bootstrap=values.get("KAFKA_BOOTSTRAP_SERVERS") or DEFAULT_BOOTSTRAP,
        operator_key_sha256=values.get("SCHAKEL_OPERATOR_KEY_SHA256", ""),
        hub_file=_path(values.get("SCHAKEL_HUB_FILE")),
        log_level=values.get("SCHAKEL_LOG_LEVEL", "INFO"),
        database_prefix=values.get("SCHAKEL_DATABASE_PREFIX", "schakel"),
        instance=values.get("SCHAKEL_INSTANCE", ""),
        topic_partitions=int(values.get("SCHAKEL_TOPIC_PARTITIONS", "6")),
        metrics_dir=_path(values.get("PROMETHEUS_MULTIPROC_DIR")),
    )


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def inherited_environment() -> dict[str, str]:
    """A copy of the whole environment, for a process that is started from this one."""
    return dict(os.environ)
