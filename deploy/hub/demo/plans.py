"""Keeps what the baskets of a file are ordered from, so that the same file again gives the same orders."""

import json
from dataclasses import asdict
from pathlib import Path

import msgspec

from deploy.hub.demo.baskets import Plan
from shared import clock


class PlanBook:
    """A file a plan, in one folder; a plan serves until its delivery window begins."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, fingerprint: str, now: str) -> Plan | None:
        """The plan of a file's content, None where there is none that can still be delivered."""
        try:
            kept = json.loads(self._file(fingerprint).read_text(encoding="utf-8"))
            plan = msgspec.convert(kept, Plan)
        except (OSError, ValueError):
            return None
        return plan if clock.parse(plan.window["start"]) > now else None

    def keep(self, plan: Plan) -> None:
        """Writes it down, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self._file(plan.file).with_suffix(".new")
        unfinished.write_text(json.dumps(asdict(plan)), encoding="utf-8")
        unfinished.replace(self._file(plan.file))

    def _file(self, fingerprint: str) -> Path:
        return self._folder / f"baskets-{fingerprint}.json"
