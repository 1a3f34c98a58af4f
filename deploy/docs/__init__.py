"""The checked descriptions of events and APIs under `docs/`, made from the code so that they cannot drift from it."""
