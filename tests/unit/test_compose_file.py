"""docker-compose.yml keeps what it promises, and follows the compose specification. No engine is needed."""

import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from deploy import replica_set
from deploy.topics import rights_of
from shared.bus.brokers import Brokers
from shared.bus.topics import DEAD_LETTERS, all_topics
from shared.config import read_settings
from shared.events.catalogue import TOPICS
from tests import compose_file

SERVICES = ("producers", "orders", "logistics")
WEBS = tuple(f"{name}-web" for name in SERVICES)
WORKERS = tuple(f"{name}-worker" for name in SERVICES)
ONE_SHOTS = ("topics", "replica-set")
OURS = (*WEBS, *WORKERS, *ONE_SHOTS)
THEIRS = ("mongo1", "mongo2", "mongo3", "kafka")
LASTING = (*WEBS, *WORKERS, *THEIRS)
HUB = compose_file.services(compose_file.secrets())


def environment(name: str) -> dict[str, Any]:
    found = HUB[name]["environment"]
    assert isinstance(found, dict)
    return found


def test_the_files_follow_the_compose_specification(tmp_path: Path) -> None:
    whole = tmp_path / "rendered.json"
    whole.write_text(json.dumps(compose_file.rendered(compose_file.raw(), compose_file.secrets())))
    files = [str(compose_file.FILE), str(compose_file.CLUSTER_FILE), str(whole)]
    argv = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", *files]

    checked = subprocess.run(argv, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_file_has_web_and_worker_of_every_service_and_nothing_unknown() -> None:
    folders = {each.parent.name for each in (compose_file.CHECKOUT / "services").glob("*/main.py")}

    assert folders == set(SERVICES)
    assert set(HUB) == {*OURS, *THEIRS}


@pytest.mark.parametrize("service", SERVICES)
def test_web_and_worker_of_a_service_run_its_main(service: str) -> None:
    web, worker = HUB[f"{service}-web"]["command"], HUB[f"{service}-worker"]["command"]

    assert web == ["gunicorn", "-c", "deploy/gunicorn.py", f"services.{service}.main:create_app()"]
    assert worker == ["python", "-m", f"services.{service}.main"]


@pytest.mark.parametrize("name", OURS)
def test_every_process_of_ours_runs_without_rights_from_the_one_image(name: str) -> None:
    service = HUB[name]

    assert service["image"] == HUB["topics"]["image"]
    assert service["build"] == {"context": ".", "dockerfile": "deploy/Dockerfile"}
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True


@pytest.mark.parametrize("name", HUB)
def test_every_container_is_bounded(name: str) -> None:
    service = HUB[name]

    assert service["user"].split(":")[0] not in ("root", "0")
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"memory", "pids"} <= set(service["deploy"]["resources"]["limits"])
    assert {"max-size", "max-file"} <= set(service["logging"]["options"])
    assert "privileged" not in service
    assert "cap_add" not in service


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_watched_restarted_and_given_time_to_stop(name: str) -> None:
    service = HUB[name]

    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert {"interval", "timeout", "retries", "start_period"} <= set(service["healthcheck"])
    assert int(service["stop_grace_period"].removesuffix("s")) >= 40


@pytest.mark.parametrize("name", ONE_SHOTS)
def test_what_ends_is_tried_again_only_where_it_failed(name: str) -> None:
    assert HUB[name]["restart"].startswith("on-failure:")


@pytest.mark.parametrize("name", [*WEBS, *WORKERS])
def test_services_wait_for_topics_and_for_their_database_users(name: str) -> None:
    assert HUB[name]["depends_on"] == {each: {"condition": "service_completed_successfully"} for each in ONE_SHOTS}


def test_one_shots_wait_for_what_they_work_on() -> None:
    assert HUB["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    assert set(HUB["replica-set"]["depends_on"]) == {"mongo1", "mongo2", "mongo3"}
    assert all(each == {"condition": "service_healthy"} for each in HUB["replica-set"]["depends_on"].values())


def test_every_image_names_its_version() -> None:
    dockerfile = (compose_file.CHECKOUT / "deploy" / "Dockerfile").read_text()
    base = next(line.split("=")[1] for line in dockerfile.splitlines() if line.startswith("ARG PYTHON_IMAGE="))
    images = [service["image"] for service in HUB.values()] + [base]

    assert all(":" in image and image.split(":")[1][0].isdigit() for image in images)
    assert all(line.startswith("FROM ${PYTHON_IMAGE}") for line in dockerfile.splitlines() if line.startswith("FROM"))


@pytest.mark.parametrize("name", compose_file.example())
def test_without_a_secret_nothing_starts(name: str) -> None:
    with pytest.raises(compose_file.MissingError, match=name):
        compose_file.services({**compose_file.secrets(), name: ""})


def test_no_secret_stands_in_a_file() -> None:
    written = {
        f"{service}.{key}": str(value)
        for service, settings in compose_file.raw()["services"].items()
        for key, value in settings["environment"].items()
        if any(word in key for word in ("PASSWORD", "KEY", "SECRET", "TOKEN", "MONGODB_URI", "JAAS"))
    }

    assert set(compose_file.example().values()) == {""}
    assert len(written) >= len(compose_file.example())
    # Without a default, or with one that is nothing, or a number: no secret.
    assert [where for where, value in written.items() if not re.search(r":\?|:-\d*\}$", value)] == []


def test_every_variable_is_explained_with_the_default_that_holds() -> None:
    named = compose_file.variables(compose_file.FILE.read_text())
    example = (compose_file.CHECKOUT / ".env.example").read_text()
    page = (compose_file.CHECKOUT / "docs" / "production.md").read_text()

    assert [name for name, word in named.items() if word and f"\n#{name}={word}\n" not in example + "\n"] == []
    assert [name for name in named if f"{name}=" not in example] == []
    assert [name for name in named if f"`{name}`" not in page] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_signs_in_as_itself_to_databases_that_the_one_shot_gives_it(service: str) -> None:
    web, worker = environment(f"{service}-web"), environment(f"{service}-worker")

    assert web["MONGODB_URI"] == worker["MONGODB_URI"]
    assert web["MONGODB_URI"].startswith(f"mongodb://{service}:made-up-schakel-{service}-db-password@mongo1:")
    assert web["SCHAKEL_DATABASE_PREFIX"] == environment("replica-set")["SCHAKEL_DATABASE_PREFIX"]
    assert service in replica_set.SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_a_worker_signs_in_to_kafka_as_its_service_and_a_web_server_not_at_all(service: str) -> None:
    worker, web, kafka = environment(f"{service}-worker"), environment(f"{service}-web"), environment("kafka")
    password = f"made-up-schakel-{service}-bus-password"

    assert read_settings(worker).kafka == Brokers(
        address="kafka:9092", security="SASL_PLAINTEXT", mechanism="PLAIN", username=service, password=password
    )
    assert f'user_{service}="{password}"' in kafka["KAFKA_LISTENER_NAME_BROKER_PLAIN_SASL_JAAS_CONFIG"]
    assert [name for name in web if name.startswith("KAFKA")] == []
    assert rights_of(import_module(f"services.{service}.main").SERVICE).user == service


def test_nobody_gets_into_kafka_without_a_password_and_only_its_own_user_may_do_anything() -> None:
    kafka = environment("kafka")
    listeners = dict(each.split(":") for each in kafka["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))

    assert set(listeners.values()) == {"SASL_PLAINTEXT"}
    assert kafka["KAFKA_AUTHORIZER_CLASS_NAME"].endswith("StandardAuthorizer")
    assert kafka["KAFKA_SUPER_USERS"] == "User:kafka"
    assert "KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND" not in kafka
    assert environment("topics")["KAFKA_SASL_USERNAME"] == "kafka"


def test_kafkas_health_check_signs_in_with_a_file_that_others_cannot_read(tmp_path: Path) -> None:
    kind, text = HUB["kafka"]["healthcheck"]["test"]
    file, tool = tmp_path / "admin.properties", tmp_path / "tool"
    tool.write_text('#!/bin/sh\necho "$@"\n')
    tool.chmod(0o700)
    command = text.replace("/tmp/admin.properties", str(file))  # noqa: S108  # in the container
    command = command.replace("/opt/kafka/bin/kafka-broker-api-versions.sh", str(tool)).removesuffix("> /dev/null")
    jaas = environment("kafka")["KAFKA_LISTENER_NAME_CONTROLLER_PLAIN_SASL_JAAS_CONFIG"]

    done = subprocess.run(
        ["/bin/sh", "-c", command],
        env={"KAFKA_LISTENER_NAME_CONTROLLER_PLAIN_SASL_JAAS_CONFIG": jaas},
        capture_output=True,
        text=True,
        check=True,
    )

    assert kind == "CMD-SHELL"
    assert done.stdout.strip() == f"--bootstrap-server localhost:9092 --command-config {file}"
    assert file.read_text().splitlines() == [
        "security.protocol=SASL_PLAINTEXT",
        "sasl.mechanism=PLAIN",
        f"sasl.jaas.config={jaas}",
    ]
    assert file.stat().st_mode & 0o777 == 0o600


def test_acknowledged_means_journalled_by_most_and_what_is_read_stays() -> None:
    for name in (*WEBS, *WORKERS):
        options = environment(name)["MONGODB_URI"].split("?")[1].split("&")
        assert {"w=majority", "journal=true", "readConcernLevel=majority", "replicaSet=schakel"} <= set(options)


def test_the_replica_set_has_three_members_and_the_first_leads() -> None:
    members = environment("replica-set")["SCHAKEL_MONGO_MEMBERS"].split(",")

    made = replica_set.configuration(members)

    assert made["_id"] == "schakel"
    assert [member["host"] for member in made["members"]] == ["mongo1:27017", "mongo2:27017", "mongo3:27017"]
    assert [member["priority"] for member in made["members"]] == [2, 1, 1]
    assert HUB["replica-set"]["network_mode"] == "service:mongo1"


def test_every_topic_is_made_with_partitions_and_retention_and_none_by_chance() -> None:
    partitions = int(environment("topics")["SCHAKEL_TOPIC_PARTITIONS"])
    made = {spec.name: spec for spec in all_topics(partitions)}

    assert HUB["topics"]["command"] == ["python", "-m", "deploy.topics", "--rights"]
    assert set(made) == {*TOPICS, *(name + DEAD_LETTERS for name in TOPICS)}
    assert all(made[name].partitions == partitions for name in TOPICS)
    assert all(spec.retention_ms > 0 for spec in made.values())
    assert environment("kafka")["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_a_group_remembers_how_far_it_was_as_long_as_topics_keep_records() -> None:
    longest = max(spec.retention_ms for spec in all_topics(1) if not spec.name.endswith(DEAD_LETTERS))

    assert int(environment("kafka")["KAFKA_OFFSETS_RETENTION_MINUTES"]) * 60_000 >= longest


def test_database_and_bus_are_out_of_reach_and_web_servers_on_loopback_only() -> None:
    published = {name: service["ports"] for name, service in HUB.items() if "ports" in service}
    networks = compose_file.raw()["networks"]

    assert set(published) == set(WEBS)
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    assert networks["back"] == {"internal": True}
    assert [name for name, service in HUB.items() if "front" in service.get("networks", ())] == list(WEBS)


def test_workers_can_be_many_because_none_has_a_name_of_its_own() -> None:
    for name in WORKERS:
        assert int(HUB[name]["deploy"]["replicas"]) == 2
        assert "SCHAKEL_INSTANCE" not in environment(name)
        assert "container_name" not in HUB[name]


def test_data_lies_on_named_volumes() -> None:
    kept = {name: service["volumes"][0] for name, service in HUB.items() if name in THEIRS}

    assert set(compose_file.raw()["volumes"]) == set(THEIRS)
    assert kept["kafka"] == f"kafka:{environment('kafka')['KAFKA_LOG_DIRS']}"
    assert all(kept[name] == f"{name}:/data/db" for name in THEIRS if name != "kafka")


def test_a_kafka_cluster_is_three_voters_that_know_each_other() -> None:
    cluster = compose_file.raw(compose_file.CLUSTER_FILE)["services"]
    nodes = {name: environment("kafka") | cluster[name]["environment"] for name in ("kafka", "kafka2", "kafka3")}
    voters = {",".join(f"{node['KAFKA_NODE_ID']}@{name}:9093" for name, node in nodes.items())}

    assert {node["KAFKA_CONTROLLER_QUORUM_VOTERS"] for node in nodes.values()} == voters
    assert {name: node["KAFKA_ADVERTISED_LISTENERS"] for name, node in nodes.items()} == {
        name: f"BROKER://{name}:9092" for name in nodes
    }
    assert {node["KAFKA_DEFAULT_REPLICATION_FACTOR"] for node in nodes.values()} == {"3"}
    assert {node["KAFKA_MIN_INSYNC_REPLICAS"] for node in nodes.values()} == {"2"}
