"""The hub's configuration file."""

from pathlib import Path

import pytest

from shared.errors import NeverError
from shared.hub import DEFAULT_HUB, read_hub

SAMPLE = Path(__file__).parents[3] / "deploy" / "hub" / "hub.toml"


def test_the_sample_file_says_what_the_defaults_are() -> None:
    assert read_hub(SAMPLE) == DEFAULT_HUB
    assert read_hub(None) == DEFAULT_HUB


@pytest.mark.parametrize("text", ["name = ", 'name = "x"', 'name = "x"\n[depot]\nstreet = 5'])
def test_a_file_that_cannot_be_understood_is_named_with_what_is_wrong(tmp_path: Path, text: str) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(NeverError, match=r"hub\.toml"):
        read_hub(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NeverError, match=r"absent\.toml"):
        read_hub(tmp_path / "absent.toml")
