"""Use cases and event handlers: load, decide, store."""
