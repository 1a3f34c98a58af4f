"""Settings from the environment, the only place that reads it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shared.bus.access import kafka_of
from shared.bus.brokers import Brokers
from shared.errors import SettingsError
from shared.http.limits import Limits

DEFAULT_MONGODB_URI = "mongodb://127.0.0.1:27117/?journal=true&retryWrites=false&w=majority"
DEFAULT_BOOTSTRAP = "127.0.0.1:9192"
# In each process; far above what people and their programs do, and what the demo and the benchmark do.
DEFAULT_LIMITS = Limits(failed_keys_a_minute=30, registrations_an_hour=120, requests_a_minute=12_000)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What differs between one machine and another. All of it has a default that suits `schakel up`."""

    mongodb_uri: str = field(default=DEFAULT_MONGODB_URI, repr=False)  # it may hold a password
    kafka: Brokers = field(default_factory=lambda: Brokers(address=DEFAULT_BOOTSTRAP))
    operator_key_sha256: str = ""
    metrics_key_sha256: str = ""
    limits: Limits = DEFAULT_LIMITS
    trusted_proxies: int = 0
    hub_file: Path | None = None
    log_level: str = "INFO"
    database_prefix: str = "schakel"
    instance: str = ""
    topic_partitions: int = 6
    heartbeat_file: Path | None = None
    metrics_dir: Path | None = None


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment gives; what it does not name keeps its default. Raises SettingsError.

    Of a secret, NAME_FILE may name a file that holds it in place of NAME.
    """
    values = os.environ if env is None else env
    return Settings(
        mongodb_uri=_secret(values, "MONGODB_URI") or DEFAULT_MONGODB_URI,
        kafka=kafka_of(values, _secret(values, "KAFKA_SASL_PASSWORD"), DEFAULT_BOOTSTRAP),
        operator_key_sha256=_digest(values, "SCHAKEL_OPERATOR_KEY_SHA256"),
        metrics_key_sha256=_digest(values, "SCHAKEL_METRICS_KEY_SHA256"),
        limits=_limits(values),
        trusted_proxies=_count(values, "SCHAKEL_TRUSTED_PROXIES", 0),
        hub_file=_path(values.get("SCHAKEL_HUB_FILE")),
        log_level=values.get("SCHAKEL_LOG_LEVEL", "INFO"),
        database_prefix=values.get("SCHAKEL_DATABASE_PREFIX", "schakel"),
        instance=values.get("SCHAKEL_INSTANCE", ""),
        topic_partitions=int(values.get("SCHAKEL_TOPIC_PARTITIONS", "6")),
        heartbeat_file=_path(values.get("SCHAKEL_HEARTBEAT_FILE")),
        metrics_dir=_path(values.get("PROMETHEUS_MULTIPROC_DIR")),
    )


def _limits(values: Mapping[str, str]) -> Limits:
    usual = DEFAULT_LIMITS
    return Limits(
        failed_keys_a_minute=_count(values, "SCHAKEL_FAILED_KEYS_A_MINUTE", usual.failed_keys_a_minute),
        registrations_an_hour=_count(values, "SCHAKEL_REGISTRATIONS_AN_HOUR", usual.registrations_an_hour),
        requests_a_minute=_count(values, "SCHAKEL_REQUESTS_A_MINUTE", usual.requests_a_minute),
    )


def _digest(values: Mapping[str, str], name: str) -> str:
    """A wrong one would open nothing, and nobody would know why. What is set may be the key itself: it is not told."""
    text = values.get(name, "").strip().lower()
    if text and not re.fullmatch("[0-9a-f]{64}", text):
        raise SettingsError(f"{name} is no SHA-256: it has 64 hex digits. `.env.example` says how it is made.")
    return text


def _count(values: Mapping[str, str], name: str, usual: int) -> int:
    text = values.get(name, "").strip() or str(usual)
    if not (text.isascii() and text.isdigit()):
        raise SettingsError(f"{name} is '{text[:20]}', which is no whole number: give one, 0 for none.")
    return int(text)


def _secret(values: Mapping[str, str], name: str) -> str:
    """The value, or what the file says that NAME_FILE names, less the end of its line."""
    file = values.get(f"{name}_FILE")
    if not file:
        return values.get(name, "")
    if values.get(name):
        raise SettingsError(f"Both {name} and {name}_FILE are set: keep one of them.")
    try:
        return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"{name}_FILE names {file}, which cannot be read: {reason}.") from None


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def inherited_environment() -> dict[str, str]:
    """A copy of the whole environment, for a process that is started from this one."""
    return dict(os.environ)
