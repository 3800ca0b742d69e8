"""Tests on paper: variants of one paper as PDF, and their answers entered afterwards, scored by the same rules."""
