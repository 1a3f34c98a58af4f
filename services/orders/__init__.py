"""Orders: buyers, what they ask, and a searchable copy of what is on offer."""
