"""What an enterprise writes down when goods change hands, and what may go wrong then. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

Twist = Literal["finds_less", "refused_at_the_door", "breaks_down", "nobody_there"]

# What goes wrong so that the job is tried once more, with the hub's code for it.
FAILURES: Mapping[Twist, str] = {"breaks_down": "vehicle_trouble", "nobody_there": "buyer_absent"}

_BY = {"collect": "de boer", "pack": "het inpakteam", "deliver": "de winkel"}
_PERMILLE = (985, 1_012, 1_034, 968, 1_020)  # what scales say of a nominal weight
_SAFE_BELOW = 1  # degrees under what the goods allow


def hand_over(job: Mapping[str, Any], twist: Twist | None = None) -> dict[str, Any]:
    """The body that says that a job is done: all packs as they are there, unless something goes wrong."""
    body: dict[str, Any] = {"by": _BY[job["kind"]], "lines": _lines(job)}
    warmest = [need["max_celsius"] for need in job["storage"] if need["max_celsius"] is not None]
    if warmest:
        body["celsius"] = min(warmest) - _SAFE_BELOW
    if twist == "finds_less":
        return {**body, "lines": _with(body["lines"], _largest(job), -1), "short_stock": "gone"}
    if twist == "refused_at_the_door":
        first = job["lines"][0]
        return {**body, "lines": _with(body["lines"], first["line_id"], -first["count"]), "short_stock": "back"}
    return body


def allows(job: Mapping[str, Any], twist: Twist) -> bool:
    """Whether this job can go wrong in this way and still change some goods."""
    if twist in FAILURES:
        return bool(job["kind"] == ("collect" if twist == "breaks_down" else "deliver"))
    if twist == "finds_less":
        return job["kind"] == "collect" and any(line["count"] > 1 and not line["by_weight"] for line in job["lines"])
    counts: list[int] = [line["count"] for line in job["lines"]]
    return job["kind"] == "deliver" and counts[0] > 0 and sum(count > 0 for count in counts) > 1


def scales(nominal: int, place: int) -> int:
    """What scales might say of a nominal weight in grams: a few per cent off, the same every time."""
    return max(1, nominal * _PERMILLE[place % len(_PERMILLE)] // 1_000)


def _lines(job: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"line_id": line["line_id"], "count": line["count"]} for line in job["lines"] if line["count"]]


def _largest(job: Mapping[str, Any]) -> str:
    countable = [line for line in job["lines"] if line["count"] > 1 and not line["by_weight"]]
    return str(max(countable, key=lambda line: line["count"])["line_id"])


def _with(lines: list[dict[str, Any]], line_id: str, change: int) -> list[dict[str, Any]]:
    return [{**line, "count": line["count"] + change} if line["line_id"] == line_id else line for line in lines]
