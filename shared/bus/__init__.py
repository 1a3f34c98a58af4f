"""The event bus: the port and its two adapters, Kafka and in memory."""
