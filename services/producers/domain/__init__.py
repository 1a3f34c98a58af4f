"""Pure decisions about products, lots and reservations."""
