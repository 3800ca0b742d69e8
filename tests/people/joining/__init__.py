"""Joining by a code."""
