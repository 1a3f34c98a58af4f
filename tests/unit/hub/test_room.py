"""How much room there is, and that a supervisor outlives there being none."""

import io
from pathlib import Path

from deploy.hub import room
from deploy.hub.layout import Layout
from deploy.hub.supervisord import Forgetful


def test_a_disk_with_room_is_no_trouble(tmp_path: Path) -> None:
    assert room.free(Layout(var=tmp_path)) > room.LEAST_BYTES
    assert room.shortage(Layout(var=tmp_path)) is None


def test_a_disk_without_room_is_named_with_what_to_do(tmp_path: Path) -> None:
    said = room.shortage(Layout(var=tmp_path), least=2**62)

    assert said is not None
    assert str(tmp_path) in said
    assert "Make room" in said


class Full(io.StringIO):
    """A stream on a full disk."""

    def write(self, text: str) -> int:
        raise OSError(28, f"No space left on device for {len(text)} characters")


def test_what_standard_error_has_no_room_for_is_dropped() -> None:
    stream = Forgetful(Full())

    assert stream.write("lost") == 0
    stream.writelines(["lost", "too"])
    stream.flush()


def test_what_it_has_room_for_is_written_at_once() -> None:
    written = io.StringIO()

    assert Forgetful(written).write("kept") == 4
    assert written.getvalue() == "kept"
