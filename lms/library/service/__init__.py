"""The index of the search, and asking it."""
