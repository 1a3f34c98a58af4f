"""The logistics service: the enterprises that work for the hub, and the jobs that orders need."""
