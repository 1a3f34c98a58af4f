"""The table in docs/security.md leaves no point out, and names tests that exist."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "security.md").read_text(encoding="utf-8")
STATES = {"met", "partly", "not met", "operator"}

# ASVS 5.0.0: how many points of level 1 and 2 each section has. They come before those of level 3, but for these.
SECTIONS = {
    "V1.1": 2,
    "V1.2": 9,
    "V1.3": 11,
    "V1.4": 3,
    "V1.5": 2,
    "V2.1": 3,
    "V2.2": 3,
    "V2.3": 4,
    "V2.4": 1,
    "V3.2": 2,
    "V3.3": 4,
    "V3.4": 6,
    "V3.5": 5,
    "V3.7": 2,
    "V4.1": 3,
    "V4.2": 1,
    "V4.3": 2,
    "V4.4": 4,
    "V5.1": 1,
    "V5.2": 3,
    "V5.3": 2,
    "V5.4": 3,
    "V6.1": 3,
    "V6.2": 12,
    "V6.3": 4,
    "V6.4": 4,
    "V6.5": 5,
    "V6.6": 3,
    "V6.8": 4,
    "V7.1": 3,
    "V7.2": 4,
    "V7.3": 2,
    "V7.4": 5,
    "V7.5": 2,
    "V7.6": 2,
    "V8.1": 2,
    "V8.2": 3,
    "V8.3": 1,
    "V8.4": 1,
    "V9.1": 3,
    "V9.2": 4,
    "V10.1": 2,
    "V10.2": 2,
    "V10.3": 4,
    "V10.4": 11,
    "V10.5": 5,
    "V10.6": 2,
    "V10.7": 3,
    "V11.1": 2,
    "V11.2": 3,
    "V11.3": 3,
    "V11.4": 4,
    "V11.5": 1,
    "V11.6": 1,
    "V12.1": 3,
    "V12.2": 2,
    "V12.3": 4,
    "V13.1": 1,
    "V13.2": 5,
    "V13.3": 2,
    "V13.4": 5,
    "V14.1": 2,
    "V14.2": 4,
    "V14.3": 3,
    "V15.1": 3,
    "V15.2": 3,
    "V15.3": 7,
    "V16.1": 1,
    "V16.2": 5,
    "V16.3": 4,
    "V16.4": 3,
    "V16.5": 3,
    "V17.1": 1,
    "V17.2": 4,
}
POINTS = [f"{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)]


def _rows(page: str) -> list[list[str]]:
    lines = [line for line in page.splitlines() if re.match(r"\| V\d", line)]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


APPLIES, APART = ([*_rows(part)] for part in PAGE.split("### What does not apply"))
NAMED = [reference for row in APPLIES for reference in re.findall(r"`([\w/]+\.py(?:::\w+)?)`", row[4])]


def test_every_point_of_level_1_and_2_is_answered_or_said_not_to_apply_and_none_twice() -> None:
    answered = [row[0] for row in APPLIES]
    apart = [number for row in APART for number in row[0].split()]

    def told(point: str) -> int:
        chapter, section = point.split(".", maxsplit=1)[0], point.rpartition(".")[0]
        return answered.count(point) + sum(apart.count(each) for each in (point, section, chapter))

    assert {point: told(point) for point in POINTS if told(point) != 1} == {}
    assert set(answered) - set(POINTS) == set()


@pytest.mark.parametrize("row", APPLIES, ids=lambda row: row[0])
def test_a_row_says_what_how_and_whether(row: list[str]) -> None:
    assert len(row) == 5
    assert row[1]
    assert row[2] in STATES
    assert row[3]


@pytest.mark.parametrize("named", sorted(set(NAMED)))
def test_a_test_that_is_named_exists(named: str) -> None:
    file, _, name = named.partition("::")
    text = (TESTS / file).read_text(encoding="utf-8")

    assert not name or f"\ndef {name}(" in text


def test_what_can_be_tested_is() -> None:
    assert len(set(NAMED)) > 50
