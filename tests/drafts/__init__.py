"""Draft links."""
