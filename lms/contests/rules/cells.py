"""Cells of a table that people open in a spreadsheet."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula: an apostrophe goes before what would begin one. Numbers stay numbers."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.lstrip(" \u00a0\u3000\ufeff").startswith(("＝", "＋", "－", "＠", *DANGEROUS)) else text
