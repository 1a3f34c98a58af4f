"""What is written for the broker before it starts."""

from pathlib import Path

from deploy.hub import kafka
from deploy.hub.kafka import Broker
from deploy.hub.ports import Ports


def broker(folder: Path) -> Broker:
    return Broker(
        data=folder / "data",
        run=folder,
        ports=Ports(kafka=29092, controller=29093),
        jars=(folder / "a.jar", folder / "b.jar"),
        java=Path("/opt/java"),
    )


def formatted(folder: Path) -> Broker:
    log = folder / "data" / "log"
    log.mkdir(parents=True)
    (log / "meta.properties").touch()
    return broker(folder)


def read(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())


def test_it_listens_on_loopback_only() -> None:
    values = read(kafka.properties(broker(Path("/hub"))))

    assert values["listeners"] == "PLAINTEXT://127.0.0.1:29092,CONTROLLER://127.0.0.1:29093"
    assert values["advertised.listeners"] == "PLAINTEXT://127.0.0.1:29092"
    assert values["controller.quorum.voters"] == "1@127.0.0.1:29093"


def test_topics_are_never_made_by_a_misspelt_name() -> None:
    assert read(kafka.properties(broker(Path("/hub"))))["auto.create.topics.enable"] == "false"


def test_a_folder_with_letters_of_other_alphabets_is_written_as_java_reads_it() -> None:
    values = read(kafka.properties(broker(Path("/hub/é𝄞\\x"))))

    assert values["log.dirs"] == r"/hub/\u00e9\ud834\udd1e\\x/data/log"


def test_a_formatted_broker_is_started_with_the_listed_jars_and_little_memory(tmp_path: Path) -> None:
    hub = formatted(tmp_path)

    kafka.prepare(hub)

    arguments = (tmp_path / "kafka.args").read_text().splitlines()
    assert f'"{tmp_path / "a.jar"}:{tmp_path / "b.jar"}"' in arguments
    assert '"-Xmx256m"' in arguments
    assert hub.argv == ["/opt/java", f"@{tmp_path}/kafka.args", "kafka.Kafka", f"{tmp_path}/kafka.properties"]


def test_the_cluster_keeps_the_id_it_was_given_first(tmp_path: Path) -> None:
    first = kafka._cluster_id(tmp_path)

    assert kafka._cluster_id(tmp_path) == first
    assert len(first) == 22
    assert not first.startswith("-")
