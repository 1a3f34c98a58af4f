"""Apache Kafka that asks who one is: TLS with a certificate made here, users by SCRAM, rights by rule.

The keys and certificates are made by the `keytool` of the same Java that Kafka runs on.
"""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from deploy.hub import jars, kafka
from deploy.hub.ports import HOST, Ports
from shared.bus.brokers import Brokers
from shared.bus.topics import counts
from shared.errors import BusUnavailableError
from tests.servers import free_ports, program, wait_until

ADMIN = "admin"
_STORE_PASSWORD = "store-password"


@dataclass(frozen=True, kw_only=True)
class SecureKafka:
    """Where it is, what its users' passwords are, and where one gets in by a certificate."""

    brokers: Brokers
    passwords: Mapping[str, str]
    mutual: Brokers

    def as_user(self, name: str, password: str | None = None) -> Brokers:
        return replace(self.brokers, username=name, password=self.passwords[name] if password is None else password)


@contextmanager
def secure_kafka(folder: Path, passwords: Mapping[str, str]) -> Iterator[SecureKafka]:
    """With these users, of whom `admin` may do everything and the others nothing that they were not granted."""
    folder.mkdir(parents=True)
    port, controller, mutual = free_ports(3)
    files = tuple(jars.fetch(jars.read_pinned(), jars.cache_folder(), lambda _done, _of, _name: None))
    broker = kafka.Broker(data=folder / "data", run=folder, ports=Ports(kafka=port, controller=controller), jars=files)
    cafile = make_certificate(folder, "broker", f"IP:{HOST}")
    certfile = make_certificate(folder, "client", "DNS:client")
    _keytool("-importcert", "-noprompt", "-alias", "client", "-file", str(certfile), *_store(folder, "broker"))
    kafka.prepare(broker)
    shutil.rmtree(broker.data / "log")
    (folder / "kafka.properties").write_text(_properties(broker, passwords[ADMIN], mutual))
    _format(broker, passwords)
    brokers = Brokers(address=broker.bootstrap, security="SASL_SSL", mechanism="SCRAM-SHA-512", cafile=str(cafile))
    by_certificate = Brokers(
        address=f"{HOST}:{mutual}",
        security="SSL",
        cafile=str(cafile),
        certfile=str(certfile),
        keyfile=str(key_of(folder, "client")),
    )
    secure = SecureKafka(brokers=brokers, passwords=passwords, mutual=by_certificate)
    with program(broker.argv, folder / "kafka.log", kafka.ENVIRONMENT):
        wait_until(lambda: _answers(secure), "Kafka answers its administrator")
        yield secure


def make_certificate(folder: Path, name: str, where: str) -> Path:
    """A key with a certificate that it signed itself, in a store of that name; the certificate in PEM."""
    subject = ["-alias", name, "-dname", f"CN={name}", "-ext", f"SAN={where}"]
    _keytool("-genkeypair", "-keyalg", "EC", "-validity", "2", *subject, *_store(folder, name))
    certificate = folder / f"{name}.pem"
    _keytool("-exportcert", "-rfc", "-alias", name, "-file", str(certificate), *_store(folder, name))
    return certificate


def key_of(folder: Path, name: str) -> Path:
    """The key of a store in PEM, which Java's tool does not give away."""
    file, password = folder / f"{name}.key", f"pass:{_STORE_PASSWORD}"
    argv = ["openssl", "pkcs12", "-in", str(folder / f"{name}.p12"), "-nodes", "-nocerts", "-passin", password]
    subprocess.run([*argv, "-out", str(file)], check=True, capture_output=True)
    return file


def _store(folder: Path, name: str) -> list[str]:
    return ["-keystore", str(folder / f"{name}.p12"), "-storetype", "PKCS12", "-storepass", _STORE_PASSWORD]


def _keytool(*arguments: str) -> None:
    tool = kafka.Broker(data=Path(), run=Path(), ports=Ports(), jars=()).java.with_name("keytool")
    subprocess.run([str(tool), *arguments], check=True, capture_output=True)


def _properties(broker: kafka.Broker, password: str, mutual: int) -> str:
    lines = kafka.properties(broker).splitlines()
    kept = [line for line in lines if not line.startswith(("listeners=", "advertised.", "listener.security."))]
    ports, store = broker.ports, broker.run / "broker.p12"
    login = "org.apache.kafka.common.security.scram.ScramLoginModule required"
    return "\n".join(
        [
            *kept,
            f"listeners=CLIENTS://{HOST}:{ports.kafka},MUTUAL://{HOST}:{mutual},CONTROLLER://{HOST}:{ports.controller}",
            f"advertised.listeners=CLIENTS://{HOST}:{ports.kafka},MUTUAL://{HOST}:{mutual}",
            "listener.security.protocol.map=CLIENTS:SASL_SSL,MUTUAL:SSL,CONTROLLER:PLAINTEXT",
            "listener.name.mutual.ssl.client.auth=required",
            "inter.broker.listener.name=CLIENTS",
            "sasl.enabled.mechanisms=SCRAM-SHA-512",
            "sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512",
            f'listener.name.clients.scram-sha-512.sasl.jaas.config={login} username="{ADMIN}" password="{password}";',
            *(f"ssl.{each}.location={store}" for each in ("keystore", "truststore")),
            *(f"ssl.{each}.type=PKCS12" for each in ("keystore", "truststore")),
            *(f"ssl.{each}.password={_STORE_PASSWORD}" for each in ("keystore", "truststore")),
            f"ssl.key.password={_STORE_PASSWORD}",
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            f"super.users=User:{ADMIN};User:CN=client;User:ANONYMOUS",
            "",
        ]
    )


def _format(broker: kafka.Broker, passwords: Mapping[str, str]) -> None:
    identity = (broker.data / "cluster.id").read_text().strip()
    users = [f"SCRAM-SHA-512=[name={name},password={word}]" for name, word in passwords.items()]
    argv = [*broker.argv[:2], "kafka.tools.StorageTool", "format", "-t", identity, "-c", broker.argv[-1]]
    for user in users:
        argv += ["--add-scram", user]
    done = subprocess.run(argv, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _answers(secure: SecureKafka) -> bool:
    try:
        counts(secure.as_user(ADMIN), ())
    except BusUnavailableError:
        return False
    return True
