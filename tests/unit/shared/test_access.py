"""Settings that say how one gets into Kafka and the database: what may be set together, and what is never told."""

from pathlib import Path

import pytest

from shared.config import read_settings
from shared.errors import SettingsError
from shared.store.mongo import connect

SECRET = "hunter2-and-more"
SIGNED_IN = {
    "KAFKA_BOOTSTRAP_SERVERS": "one:9092,two:9092",
    "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
    "KAFKA_SASL_USERNAME": "orders",
    "KAFKA_SASL_PASSWORD": SECRET,
}


def complaint(env: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        read_settings(env)
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_without_any_setting_kafka_is_the_one_of_this_machine_that_lets_everybody_in() -> None:
    kafka = read_settings({}).kafka

    assert kafka.options() == {"bootstrap_servers": ["127.0.0.1:9192"], "security_protocol": "PLAINTEXT"}


def test_who_signs_in_does_so_by_scram_unless_another_way_is_named() -> None:
    scram = read_settings(SIGNED_IN).kafka.options()
    plain = read_settings({**SIGNED_IN, "KAFKA_SASL_MECHANISM": "PLAIN"}).kafka.options()

    assert scram == {
        "bootstrap_servers": ["one:9092", "two:9092"],
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "orders",
        "sasl_plain_password": SECRET,
    }
    assert plain["sasl_mechanism"] == "PLAIN"


def test_certificates_are_told_where_kafka_is_spoken_to_over_tls(tmp_path: Path) -> None:
    files = {name: str(tmp_path / name) for name in ("KAFKA_SSL_CAFILE", "KAFKA_SSL_CERTFILE", "KAFKA_SSL_KEYFILE")}
    for file in files.values():
        Path(file).touch()

    options = read_settings({"KAFKA_SECURITY_PROTOCOL": "SSL", **files}).kafka.options()

    assert [options[name] for name in ("ssl_cafile", "ssl_certfile", "ssl_keyfile")] == list(files.values())
    assert "sasl_mechanism" not in options


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "kafka").write_text(f"{SECRET}\n")
    (tmp_path / "mongo").write_text(f"mongodb://orders:{SECRET}@db/?authSource=admin\n")
    env = {name: text for name, text in SIGNED_IN.items() if name != "KAFKA_SASL_PASSWORD"}
    files = {"KAFKA_SASL_PASSWORD_FILE": str(tmp_path / "kafka"), "MONGODB_URI_FILE": str(tmp_path / "mongo")}

    settings = read_settings(env | files)

    assert settings.kafka.password == SECRET
    assert settings.mongodb_uri == f"mongodb://orders:{SECRET}@db/?authSource=admin"
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"KAFKA_SECURITY_PROTOCOL": "TLS"}, "one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL"),
        ({"KAFKA_SASL_MECHANISM": "GSSAPI"}, "one of SCRAM-SHA-512, SCRAM-SHA-256, PLAIN"),
        ({"KAFKA_SECURITY_PROTOCOL": ""}, "must be SASL_SSL"),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL"}, "must be SASL_SSL"),
        ({"KAFKA_SASL_PASSWORD": ""}, "KAFKA_SASL_PASSWORD must be set"),
        ({"KAFKA_SASL_USERNAME": "", "KAFKA_SASL_PASSWORD": ""}, "KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD"),
        ({"KAFKA_SSL_CAFILE": "/there/is/none.pem"}, "there is no file"),
        ({"KAFKA_SSL_CERTFILE": __file__}, "belong together"),
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT", "KAFKA_SSL_CAFILE": __file__}, "without TLS"),
        ({"KAFKA_SASL_PASSWORD_FILE": __file__}, "keep one of them"),
        ({"KAFKA_SASL_PASSWORD": "", "KAFKA_SASL_PASSWORD_FILE": "/there/is/none"}, "cannot be read"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_a_sentence(change: dict[str, str], says: str) -> None:
    assert says in complaint(SIGNED_IN | change)


@pytest.mark.parametrize("uri", [f"mongodb://u:{SECRET}/x@h", f"mongodb://u:{SECRET}@@h", f"http://u:{SECRET}@h"])
def test_an_address_that_is_none_is_refused_without_being_told(uri: str) -> None:
    with pytest.raises(SettingsError, match="MONGODB_URI is no address") as caught:
        connect(uri)

    assert SECRET not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
