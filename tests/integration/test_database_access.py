"""A database that asks who one is, over TLS: by address alone, and without the password in anything that is said."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient

from deploy.hub import database
from shared.config import read_settings
from shared.errors import StoreUnavailableError
from shared.store.mongo import MongoStore, connect
from shared.store.port import Write
from tests.servers import free_ports, program, wait_until

pytestmark = pytest.mark.servers

PASSWORD = "p%ss/w@rd: of orders"
ESCAPED = "p%25ss%2Fw%40rd%3A%20of%20orders"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Host and options of a database with one user, who signs in over TLS."""
    folder = tmp_path_factory.mktemp("database")
    (port,) = free_ports(1)
    (folder / "empty.toml").touch()
    argv = database.argv(port, folder / "data", folder / "empty.toml")
    plain = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    with program(argv, folder / "log"), MongoClient(plain) as client:
        wait_until(lambda: database.answers(plain), "the database answers")
        client.admin.command(
            "createUser", "orders", pwd=PASSWORD, roles=[{"role": "readWrite", "db": "schakel_orders"}]
        )
    certificate = made_certificate(folder)
    options = f"authSource=admin&tls=true&tlsCAFile={certificate}&directConnection=true"
    tls = ["--tls-cert-file", str(certificate), "--tls-key-file", str(folder / "key.pem")]
    with program([*argv, "--auth", *tls], folder / "log"):
        found = f"127.0.0.1:{port}/?{options}"
        wait_until(lambda: database.answers(f"mongodb://orders:{ESCAPED}@{found}"), "the database lets the user in")
        yield found


def made_certificate(folder: Path) -> Path:
    made = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test database"]
    name = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", "req", *made, *name, *files], check=True, capture_output=True)  # noqa: S607  # wherever it is
    return folder / "cert.pem"


def test_who_has_the_password_reads_and_writes_its_own_database(address: str, tmp_path: Path) -> None:
    (tmp_path / "uri").write_text(f"mongodb://orders:{ESCAPED}@{address}\n")
    settings = read_settings({"MONGODB_URI_FILE": str(tmp_path / "uri")})
    with connect(settings.mongodb_uri) as client:
        store = MongoStore(client, "schakel_orders")

        assert store.write("orders", [Write(id="a", version=1, state={})]) == frozenset()
        with pytest.raises(StoreUnavailableError, match="not authorized"):
            MongoStore(client, "schakel_producers").get("lots", ["a"])


@pytest.mark.parametrize("who", ["orders:a%20guess", "nobody:" + ESCAPED])
def test_who_has_not_hears_so_without_the_password(address: str, who: str) -> None:
    with connect(f"mongodb://{who}@{address}") as client, pytest.raises(StoreUnavailableError) as caught:
        MongoStore(client, "schakel_orders").get("orders", ["a"])

    assert "lets nobody in with the user name and password of MONGODB_URI" in str(caught.value)
    assert not any(word in f"{caught.value} {caught.value.__cause__!r}" for word in (PASSWORD, ESCAPED, "guess"))


def test_an_authority_that_is_not_trusted_or_no_tls_at_all_is_no_way_in(address: str) -> None:
    host, _, options = address.partition("?")
    ways = [
        f"{host}?authSource=admin&tls=true&directConnection=true",
        f"{host}?{options.replace('tls=true', 'tls=false').replace('&tlsCAFile=', '&appName=')}",
    ]
    for way in ways:
        with connect(f"mongodb://orders:{ESCAPED}@{way}", timeout_ms=1_000) as client:
            with pytest.raises(StoreUnavailableError) as caught:
                MongoStore(client, "schakel_orders").ping()
            assert not any(word in str(caught.value) for word in (PASSWORD, ESCAPED))
