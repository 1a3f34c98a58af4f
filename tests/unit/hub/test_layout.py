"""The folders of a hub."""

from pathlib import Path

import pytest

from deploy.hub import operator_key
from deploy.hub.layout import Layout
from deploy.hub.trouble import FolderError
from shared.ids import digest


def test_the_folders_are_made_and_are_their_owners_alone(tmp_path: Path) -> None:
    layout = Layout(var=tmp_path / "var")

    layout.prepare()
    layout.prepare()

    for folder in (layout.data, layout.log, layout.run, layout.secrets):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").touch()

    with pytest.raises(FolderError, match=r"var cannot be used .* --var"):
        Layout(var=tmp_path / "var").prepare()


@pytest.mark.parametrize("name", ["a,b", "a%b", 'a"b', "a #b", "a ;b"])
def test_a_name_that_the_programs_cannot_bear_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FolderError, match="take another by --var"):
        Layout(var=tmp_path / name).prepare()


def test_the_socket_lies_beside_the_other_files_where_its_path_is_short() -> None:
    assert Layout(var=Path("/hub/var")).socket == Path("/hub/var/run/supervisor.sock")


def test_the_socket_of_a_deep_folder_has_a_short_path_that_is_the_same_each_time(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["deep"] * 30)

    socket = Layout(var=deep).socket

    assert len(str(socket)) < 86
    assert socket == Layout(var=deep).socket != Layout(var=deep / "other").socket
    assert socket.parent.stat().st_mode & 0o777 == 0o700


def test_the_operators_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    layout = Layout(var=tmp_path)
    layout.prepare()

    first = operator_key.ensure(layout)

    file = operator_key.key_file(layout)
    assert operator_key.ensure(layout) == first == digest(file.read_text().strip())
    assert file.stat().st_mode & 0o777 == 0o600


def test_counters_are_kept_in_memory_in_a_folder_of_this_user_and_hub_alone(tmp_path: Path) -> None:
    here, there = Layout(var=tmp_path / "a").metrics, Layout(var=tmp_path / "b").metrics

    assert here != there
    assert here.parent.stat().st_mode & 0o077 == 0 or here == tmp_path / "a" / "run" / "metrics"
