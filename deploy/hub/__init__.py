"""The `schakel` command: what runs a whole hub on one machine."""
