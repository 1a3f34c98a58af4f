"""Pure decisions on offers and orders: no clock, no I/O, no framework."""
