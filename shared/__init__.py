"""What every service stands on: events, store, bus, the worker's loops and the HTTP edge. It knows no service."""
