"""What later commands know of the hub that was started."""

from pathlib import Path

import pytest

from deploy.hub.layout import Layout
from deploy.hub.plan import Plan, recall, remember
from deploy.hub.ports import choose
from deploy.hub.trouble import NotRunningError

SECRET = "mongodb://user:secret@there/"


def started(var: Path, **others: str) -> Layout:
    layout = Layout(var=var)
    layout.prepare()
    remember(Plan(layout=layout, ports=choose(web=29000), **others))
    return layout


def test_a_hub_of_ones_own_is_found_again_by_its_folder(tmp_path: Path) -> None:
    plan = recall(started(tmp_path), mongodb_uri="ignored", bootstrap=None)

    assert plan.address == "http://127.0.0.1:29000"
    assert plan.database_uri == "mongodb://127.0.0.1:29001/?journal=true&retryWrites=false&w=majority"
    assert plan.brokers == "127.0.0.1:29002"


def test_addresses_of_others_are_not_written_down_as_they_may_hold_passwords(tmp_path: Path) -> None:
    layout = started(tmp_path, mongodb_uri=SECRET)

    assert not any(b"secret" in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert recall(layout, mongodb_uri=SECRET, bootstrap=None).database_uri == SECRET
    with pytest.raises(NotRunningError, match="Set it for this command too"):
        recall(layout, mongodb_uri=None, bootstrap=None)


def test_a_folder_without_a_hub_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError, match="schakel up"):
        recall(Layout(var=tmp_path), mongodb_uri=None, bootstrap=None)
