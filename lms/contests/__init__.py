"""Contests: rounds, entries, rankings, and the rules text generated from the file."""
