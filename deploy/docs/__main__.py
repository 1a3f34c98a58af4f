"""Writes the descriptions anew: `python -m deploy.docs`, from the root of the repository."""

import sys
from pathlib import Path

from deploy.docs.made import made
from shared import log


def main(root: Path) -> None:
    """Writes every description below `root` and names it."""
    for name, text in made().items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    log.configure("docs", "ERROR")
    main(Path.cwd())
