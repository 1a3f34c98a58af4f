"""Documents and how they are decided upon: the port, its two adapters, and the ledger that services use."""
