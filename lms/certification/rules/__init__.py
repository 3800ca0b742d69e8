"""The rules of certification, pure: dates, terms of a scheme, standing, training."""
