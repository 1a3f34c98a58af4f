"""The command, as far as it goes without a running hub."""

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy.hub.cli import cli
from deploy.hub.ports import HOST


def schakel(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, env={"MONGODB_URI": None, "KAFKA_BOOTSTRAP_SERVERS": None})


def test_without_arguments_it_explains_itself() -> None:
    result = schakel()

    assert result.exit_code == 0
    assert "schakel up" in result.output
    assert "schakel demo" in result.output


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["stop"],
        ["keys", "list", "0123456789"],
        ["dlq", "list"],
        ["backup", "hub.tar.gz"],
        ["rebuild", "offers"],
    ],
)
def test_without_a_hub_a_command_fails_with_a_sentence_that_says_what_to_do(tmp_path: Path, command: list[str]) -> None:
    result = schakel("--var", str(tmp_path), *command)

    assert result.exit_code == 1
    assert result.output.startswith("Error: No hub ")
    assert len(result.output.splitlines()) == 1


def test_up_on_a_port_in_use_names_it_before_anything_is_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = schakel("--var", str(tmp_path), "up", "--database-port", str(port), "--port", "29990")

    assert result.exit_code == 1
    assert f"Port {port}, for the database, is in use" in result.output
    assert not (tmp_path / "run" / "supervisord.conf").exists()


def test_up_in_a_folder_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    result = schakel("--var", str(tmp_path / "file" / "var"), "up")

    assert result.exit_code == 1
    assert "cannot be used" in result.output


def test_where_the_operators_key_is_can_be_asked_once_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    before = schakel("--var", str(tmp_path), "keys", "operator")
    (tmp_path / "secrets" / "operator.key").write_text("key\n")
    after = schakel("--var", str(tmp_path), "keys", "operator")

    assert before.exit_code == 1
    assert after.output.strip() == str(tmp_path / "secrets" / "operator.key")


def test_keys_of_a_hub_that_does_not_answer_say_so(tmp_path: Path) -> None:
    for folder in ("run", "secrets"):
        (tmp_path / folder).mkdir()
    ports = {"web": 1, "database": 2, "kafka": 3, "controller": 4}
    (tmp_path / "run" / "hub.json").write_text(json.dumps({"ports": ports, "database": True, "kafka": True}))
    (tmp_path / "secrets" / "operator.key").write_text("key\n")

    result = schakel("--var", str(tmp_path), "keys", "create", "0123456789")

    assert result.exit_code == 1
    assert "does not answer" in result.output


def test_replaying_neither_one_letter_nor_all_is_a_usage_error(tmp_path: Path) -> None:
    assert schakel("--var", str(tmp_path), "dlq", "replay").exit_code == 2


def test_the_read_copies_that_can_be_rebuilt_are_named(tmp_path: Path) -> None:
    result = schakel("--var", str(tmp_path), "rebuild")

    assert result.exit_code == 0
    assert result.output == "offers: orders keep it of what producers tell on the topic lots\n"


def test_what_is_no_read_copy_is_not_rebuilt() -> None:
    result = schakel("--mongodb-uri", "mongodb://127.0.0.1:1", "rebuild", "orders")

    assert result.exit_code == 1
    assert "There is no read copy 'orders'. There are: offers." in result.output


def test_a_file_that_is_no_backup_is_not_restored(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a backup")

    result = schakel("--var", str(tmp_path / "var"), "restore", str(tmp_path / "file"))

    assert result.exit_code == 1
    assert "is no backup of a hub" in result.output
    assert list((tmp_path / "var").iterdir()) == []


def test_settings_that_cannot_be_are_said_in_a_sentence(tmp_path: Path) -> None:
    env = {"KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}

    result = CliRunner().invoke(cli, ["--var", str(tmp_path), "status"], env=env)

    assert result.exit_code == 1
    assert "KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD must be set" in result.output
