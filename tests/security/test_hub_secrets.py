"""The secrets of a hub on one machine: whose folders they lie in, and who is told of them."""

from pathlib import Path

import pytest

from deploy.hub import operator_key, ports, supervise
from deploy.hub.layout import Layout
from deploy.hub.plan import Plan
from tests.chain import OPERATOR_KEY

pytestmark = pytest.mark.security


def test_the_operators_key_is_not_handed_on_to_the_programs_of_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where who starts the hub has it in the environment, for `schakel keys`."""
    layout = Layout(var=tmp_path / "var")
    layout.prepare()
    monkeypatch.setenv("SCHAKEL_OPERATOR_KEY", OPERATOR_KEY)

    given = supervise._environment(Plan(layout=layout, ports=ports.choose(web=None, database=None, kafka=None)))

    assert OPERATOR_KEY not in given.values()
    assert operator_key.key_file(layout).read_text().strip() not in given.values()
    assert given["SCHAKEL_OPERATOR_KEY_SHA256"] == operator_key.ensure(layout)


def test_the_folders_of_a_hub_are_their_owners_alone_also_where_they_were_there_before(tmp_path: Path) -> None:
    layout = Layout(var=tmp_path / "var")
    for folder in (layout.data, layout.log, layout.run, layout.secrets):
        folder.mkdir(parents=True)
        folder.chmod(0o755)

    layout.prepare()

    assert {oct(folder.stat().st_mode & 0o777) for folder in (layout.data, layout.log, layout.run, layout.secrets)} == {
        "0o700"
    }
