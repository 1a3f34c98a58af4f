"""Use cases and reactions to events: load, decide, store."""
