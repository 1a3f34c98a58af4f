"""The hub of docker-compose.yml as separate processes on this machine, without an engine.

Commands, environment, health checks and numbers of replicas are the file's own; only addresses of containers become
addresses here. Kafka runs with the settings that the file gives its image; the database asks for the passwords of the
file's users, who are made by the file's own step.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen, run
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy import replica_set
from deploy.hub import database, jars, kafka
from deploy.hub.ports import HOST, Ports
from shared.bus.brokers import Brokers
from shared.bus.topics import counts
from shared.config import inherited_environment, read_settings
from shared.errors import BusUnavailableError
from tests import compose_file
from tests.servers import free_ports, program, wait_until

OPERATOR_KEY = "the operator's key of this test"
_MEMBERS = "mongo1:27017,mongo2:27017,mongo3:27017"
# Of the image, for its own start; all other settings with this beginning are Kafka's.
_NOT_KAFKAS = ("KAFKA_HEAP_OPTS",)


@dataclass(kw_only=True)
class ComposeHub:
    """What runs, and where. `processes` has every replica under `<service>-<number>`."""

    folder: Path
    services: Mapping[str, Mapping[str, Any]]
    kafka_ports: Ports
    database_port: int
    web_ports: dict[str, int] = field(default_factory=dict)
    processes: dict[str, Popen[bytes]] = field(default_factory=dict)

    @property
    def bootstrap(self) -> str:
        return f"{HOST}:{self.kafka_ports.kafka}"

    def brokers(self, name: str) -> Brokers:
        """As a service of the file gets into Kafka."""
        return read_settings(self.environment(name)).kafka

    def address(self, service: str) -> str:
        return f"http://{HOST}:{self.web_ports[f'{service}-web']}"

    def environment(self, name: str, number: int = 1) -> dict[str, str]:
        """Of a service, with addresses of this machine; nothing of the containers' is left in it."""
        here = {
            _MEMBERS: f"{HOST}:{self.database_port}",
            "replicaSet=schakel": "replicaSet=secantus",
            "kafka:9092": self.bootstrap,
            "0.0.0.0:8000": f"{HOST}:{self.web_ports.get(name)}",
            "/run/metrics": str(self.folder / f"{name}-metrics"),
            "/tmp/heartbeat": str(self.folder / f"{name}-{number}.heartbeat"),  # noqa: S108  # each container has its own
            **{mount["target"]: mount["source"] for mount in self.services[name].get("volumes", ())},
        }
        found = {key: _replaced(str(value), here) for key, value in self.services[name]["environment"].items()}
        assert not any(each in value for value in found.values() for each in ("mongo1", "kafka:", ":8000", "/run/"))
        return found | {"PATH": f"{Path(sys.executable).parent}:{inherited_environment()['PATH']}"}

    def health(self, name: str, number: int = 1) -> int:
        """The exit code of the service's own check. In its container the process has the id 1; here it is told."""
        kind, *argv = self.services[name]["healthcheck"]["test"]
        assert kind == "CMD"
        pid = [str(self.processes[f"{name}-{number}"].pid)] if argv[-1] == "worker" else []
        return run([*argv, *pid], env=self.environment(name, number), check=False, capture_output=True).returncode

    def once(self, name: str) -> int:
        """Runs a step to its end; answers its exit code."""
        with program(self.services[name]["command"], self.log(name), self.environment(name)) as process:
            return process.wait(120)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


def _replaced(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


@contextmanager
def running(folder: Path, env: Mapping[str, str]) -> Iterator[ComposeHub]:
    """All of it, in the order that the file gives, healthy by its own checks."""
    broker, controller, database_port, *webs = free_ports(6)
    services = compose_file.services(env)
    hub = ComposeHub(
        folder=folder,
        services=services,
        kafka_ports=Ports(kafka=broker, controller=controller),
        database_port=database_port,
        web_ports=dict(zip([name for name in services if name.endswith("-web")], webs, strict=True)),
    )
    with ExitStack() as stack:
        stack.enter_context(chdir(compose_file.CHECKOUT))
        stack.enter_context(_database(hub))
        stack.enter_context(_kafka(hub))
        assert hub.once("topics") == 0, hub.log("topics").read_text()
        for name in services:
            if name.endswith(("-web", "-worker")):
                _start(hub, name, stack)
        _await_health(hub)
        yield hub


def _start(hub: ComposeHub, name: str, stack: ExitStack) -> None:
    (hub.folder / f"{name}-metrics").mkdir()
    for number in range(1, int(hub.services[name]["deploy"].get("replicas", 1)) + 1):
        each = f"{name}-{number}"
        started = program(hub.services[name]["command"], hub.log(each), hub.environment(name, number))
        hub.processes[each] = stack.enter_context(started)


def _await_health(hub: ComposeHub) -> None:
    for each in hub.processes:
        name, _, number = each.rpartition("-")
        wait_until(lambda name=name, number=number: hub.health(name, int(number)) == 0, f"{each} is healthy")  # type: ignore[misc]


@contextmanager
def _database(hub: ComposeHub) -> Iterator[None]:
    """First open, to make the users as the file's step makes them; then with a door. As in the file, a replica set."""
    config = hub.folder / "empty.toml"
    config.touch()
    argv = database.argv(hub.database_port, hub.folder / "database", config)
    argv.remove("--standalone")
    step = hub.services["replica-set"]["environment"]
    with program(argv, hub.log("database")), _client(hub) as client:
        wait_until(lambda: _answers(client), "the database answers")
        passwords = {name: step[f"SCHAKEL_{name.upper()}_DB_PASSWORD"] for name in replica_set.SERVICES}
        for old_or_new in (dict.fromkeys(passwords, "another one"), passwords):  # the second time as at a later start
            replica_set.make_root(client, step["SCHAKEL_MONGO_ROOT_PASSWORD"])
            replica_set.make_users(client, step["SCHAKEL_DATABASE_PREFIX"], old_or_new)
    root = {"username": "root", "password": step["SCHAKEL_MONGO_ROOT_PASSWORD"]}
    with program([*argv, "--auth"], hub.log("database")), _client(hub, **root) as client:
        wait_until(lambda: _answers(client), "the database answers")
        yield


def _client(hub: ComposeHub, **options: str) -> MongoClient[dict[str, Any]]:
    return MongoClient(
        HOST,
        hub.database_port,
        directConnection=True,
        serverSelectionTimeoutMS=500,
        username=options.get("username"),
        password=options.get("password"),
    )


def _answers(client: MongoClient[dict[str, Any]]) -> bool:
    try:
        client.admin.command("ping")
    except PyMongoError:
        return False
    return True


@contextmanager
def _kafka(hub: ComposeHub) -> Iterator[None]:
    """Formatted with the file's cluster id, started with the file's settings."""
    settings = hub.services["kafka"]["environment"]
    files = tuple(jars.fetch(jars.read_pinned(), jars.cache_folder(), lambda _done, _of, _name: None))
    broker = kafka.Broker(data=hub.folder / "kafka", run=hub.folder, ports=hub.kafka_ports, jars=files)
    broker.data.mkdir()
    (broker.data / "cluster.id").write_text(settings["CLUSTER_ID"])
    kafka.prepare(broker)
    (broker.run / "kafka.properties").write_text(_properties(hub, settings, broker.data / "log"))
    with program(broker.argv, hub.log("kafka"), kafka.ENVIRONMENT):
        wait_until(lambda: _bus_answers(hub.brokers("topics")), "Kafka answers")
        yield


def _properties(hub: ComposeHub, settings: Mapping[str, str], data: Path) -> str:
    """As the image makes them: the name without its beginning, dots for underscores."""
    ports = hub.kafka_ports
    here = {
        "//:9092": f"//{HOST}:{ports.kafka}",
        "//:9093": f"//{HOST}:{ports.controller}",
        "kafka:9092": f"{HOST}:{ports.kafka}",
        "kafka:9093": f"{HOST}:{ports.controller}",
        "/var/lib/kafka/data": str(data),
    }
    names = [name for name in settings if name.startswith("KAFKA_") and name not in _NOT_KAFKAS]
    lines = [f"{name[6:].lower().replace('_', '.')}={_replaced(settings[name], here)}\n" for name in names]
    return "".join(lines)


def _bus_answers(brokers: Brokers) -> bool:
    try:
        counts(brokers, ())
    except BusUnavailableError:
        return False
    return True
