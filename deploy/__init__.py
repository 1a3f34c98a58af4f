"""What runs Schakel: on one machine (`hub`), and its parts on many."""
