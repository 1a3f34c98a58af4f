"""How fast and how big a hub is: the whole chain, what it is made of, and the same work done by bare clients."""
