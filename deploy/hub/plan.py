"""What one hub on one machine consists of: its own database and broker, or those of others, and where all listen."""

import json
from dataclasses import asdict, dataclass, replace

from deploy.hub import database
from deploy.hub.layout import Layout
from deploy.hub.ports import HOST, Need, Ports
from deploy.hub.trouble import NotRunningError
from shared.bus.brokers import Brokers
from shared.config import read_settings


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`mongodb_uri` and `bootstrap` are set where the hub uses somebody else's; it then starts none of its own."""

    layout: Layout
    ports: Ports
    mongodb_uri: str | None = None
    bootstrap: str | None = None

    @property
    def address(self) -> str:
        """Where people and programs reach the hub."""
        return f"http://{HOST}:{self.ports.web}"

    @property
    def database_uri(self) -> str:
        """Where its services find the database."""
        return self.mongodb_uri or database.uri(self.ports.database)

    @property
    def brokers(self) -> str:
        """Where its services find Kafka."""
        return self.bootstrap or f"{HOST}:{self.ports.kafka}"

    @property
    def bus(self) -> Brokers:
        """The same, and how one gets in: as the environment says; a broker of the hub's own lets in who is here."""
        if self.bootstrap is None:
            return Brokers(address=self.brokers)
        return replace(read_settings().kafka, address=self.bootstrap)

    def needs(self) -> list[Need]:
        """The ports that its programs will listen on."""
        needs = [Need(port=self.ports.web, program="the web server", flag="--port")]
        if self.mongodb_uri is None:
            needs.append(Need(port=self.ports.database, program="the database", flag="--database-port"))
        if self.bootstrap is None:
            needs.append(Need(port=self.ports.kafka, program="Kafka", flag="--kafka-port"))
            needs.append(Need(port=self.ports.controller, program="Kafka's controller", flag="--kafka-port"))
        return needs


def remember(plan: Plan) -> None:
    """Writes down the ports, for the commands that come later. Addresses of others may hold passwords: not those."""
    kept = {"ports": asdict(plan.ports), "database": plan.mongodb_uri is None, "kafka": plan.bootstrap is None}
    (plan.layout.run / "hub.json").write_text(json.dumps(kept), encoding="utf-8")


def recall(layout: Layout, *, mongodb_uri: str | None, bootstrap: str | None) -> Plan:
    """The hub that was started last in this folder; addresses of others come from the caller.

    Raises NotRunningError where none was, or an address is missing.
    """
    try:
        kept = json.loads((layout.run / "hub.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"No hub was started in {layout.var}. Start one with `schakel up`, or name its folder by --var."
        raise NotRunningError(message) from error
    return Plan(
        layout=layout,
        ports=Ports(**kept["ports"]),
        mongodb_uri=None if kept["database"] else _given("MONGODB_URI", mongodb_uri),
        bootstrap=None if kept["kafka"] else _given("KAFKA_BOOTSTRAP_SERVERS", bootstrap),
    )


def _given(name: str, value: str | None) -> str:
    if value:
        return value
    message = f"This hub was started with {name} set. Set it for this command too, to the same address."
    raise NotRunningError(message)
