"""Where Kafka is, and how one gets in: over TLS or not, signed in or not. Whatever speaks to Kafka takes this."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Security = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]
SECURITIES: tuple[Security, ...] = get_args(Security)
MECHANISMS: tuple[Mechanism, ...] = get_args(Mechanism)


@dataclass(frozen=True, kw_only=True)
class Brokers:
    """`address` is host:port, with commas between. The password is kept out of whatever prints this.

    `mechanism`, `username` and `password` are for the two that sign in. Over TLS the broker must show a certificate
    that `cafile` vouches for (where empty: whom this machine trusts), and is shown `certfile`, where it wants one.
    `patience_ms` is how long a client tries to get in.
    """

    address: str
    security: Security = "PLAINTEXT"
    mechanism: Mechanism | None = None
    username: str = ""
    password: str = field(default="", repr=False)
    cafile: str = ""
    certfile: str = ""
    keyfile: str = ""
    patience_ms: int = 10_000

    @property
    def addresses(self) -> list[str]:
        """One by one."""
        return [each.strip() for each in self.address.split(",")]

    def options(self) -> dict[str, Any]:
        """What every one of Kafka's clients is told."""
        told: dict[str, Any] = {"bootstrap_servers": self.addresses, "security_protocol": self.security}
        if self.security.startswith("SASL"):
            told["sasl_mechanism"] = self.mechanism
            told["sasl_plain_username"] = self.username
            told["sasl_plain_password"] = self.password
        if self.security.endswith("SSL"):
            files = {"ssl_cafile": self.cafile, "ssl_certfile": self.certfile, "ssl_keyfile": self.keyfile}
            told |= {name: file for name, file in files.items() if file}
        return told


# A plain address is that of a broker that lets everybody in.
Where = str | Brokers


def brokers_at(where: Where) -> Brokers:
    """The brokers that are meant."""
    return Brokers(address=where) if isinstance(where, str) else where
