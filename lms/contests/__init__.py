"""Contests: rounds that open and close by the clock, entries, rankings, participation of units, and the rules text that says it all."""
