"""People from sheets."""
