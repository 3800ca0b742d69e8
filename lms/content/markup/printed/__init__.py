"""Content on paper: clean HTML as values, and the typst that prints them (`BLOCKS`, to be copied beside what imports it)."""

from pathlib import Path

BLOCKS = Path(__file__).parent / "blocks.typ"
