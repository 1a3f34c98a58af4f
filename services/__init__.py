"""The three services of a hub. None knows another."""
