"""Sittings: offerings, papers, attempts, responses, scoring, review."""
