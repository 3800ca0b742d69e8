"""Answers of every kind of item: how each is written as one text, what a paper lets one answer, and what an answer is worth.

The canonical text by kind ('' is blank): single, multiple, hotspot: the letters chosen, sorted. ordering: every letter, in the order given.
matching: `a:c b:a`, sorted by the left side. gaps: a JSON list of texts. numeric, short, essay: the text itself.
"""
