"""The pinned jars of Apache Kafka, and how they are pinned."""
