"""Pins Kafka's jars: `python -m deploy.kafka.pin > deploy/kafka/jars.sha256`, after a version changed here.

It resolves what Kafka's own POM says it needs to run, fetches it and writes each jar's sum. Look at the difference
before you commit it: from then on exactly these bytes are run.
"""

import sys
from pathlib import Path

import jgo
from jgo.maven import Artifact

from deploy.hub.jars import sha256_of

VERSION = "4.3.1"
ENDPOINT = f"org.apache.kafka:kafka_2.13:{VERSION}+org.slf4j:slf4j-simple:1.7.36"


def _line(artifact: Artifact) -> str:
    file: Path = artifact.resolve()
    path = Path(*artifact.groupId.split("."), artifact.artifactId, artifact.version, artifact.filename)
    return f"{sha256_of(file)}  {path.as_posix()}"


def main() -> None:
    """Writes the list to standard output, sorted by path."""
    lines = sorted((_line(artifact) for artifact in jgo.resolve(ENDPOINT)), key=lambda line: line.split("  ")[1])
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
