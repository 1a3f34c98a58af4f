"""Use cases and reactions: load, decide, store."""
