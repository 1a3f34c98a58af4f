"""The producers service: what farmers have, what of it is set aside, and what left the farm."""
