"""The supervisor's file, as the supervisor itself reads it."""

from pathlib import Path

from supervisor.options import ServerOptions

from deploy.hub.layout import Layout
from deploy.hub.programs import STOP_ORDER, Program, configuration, web, workers


def understood(layout: Layout, programs: list[Program]) -> ServerOptions:
    layout.prepare()
    file = layout.run / "supervisord.conf"
    file.write_text(configuration(layout, programs), encoding="utf-8")
    options = ServerOptions()
    options.realize(["-c", str(file)])
    return options


def test_a_command_with_blanks_quotes_and_percents_arrives_as_it_was_meant(tmp_path: Path) -> None:
    argv = ("/bin/echo", "two words", "100%", "it's", "é")
    program = Program(name="kafka", argv=argv, patience=7, environment={"FOLDER": "/a b/50%(x)s"})

    options = understood(Layout(var=tmp_path / "a bé"), [program])

    (known,) = [config for group in options.process_group_configs for config in group.process_configs]
    assert known.command == "/bin/echo 'two words' 100% 'it'\"'\"'s' 'é'"
    assert known.environment == {"FOLDER": "/a b/50%(x)s"}
    assert known.stopwaitsecs == 7
    assert known.stdout_logfile == str(tmp_path / "a bé" / "log" / "kafka.log")


def test_nothing_starts_by_itself_and_whatever_crashes_is_started_again(tmp_path: Path) -> None:
    layout = Layout(var=tmp_path)

    options = understood(layout, [*workers(), web(layout)])

    known = [config for group in options.process_group_configs for config in group.process_configs]
    assert {config.name for config in known} == {"web", "producers-worker", "orders-worker", "logistics-worker"}
    assert not any(config.autostart for config in known)
    assert all(config.autorestart for config in known)


def test_who_uses_another_stops_before_it() -> None:
    assert STOP_ORDER[0] == ("keeper", "web")
    assert STOP_ORDER[-2:] == (("kafka",), ("database",))
