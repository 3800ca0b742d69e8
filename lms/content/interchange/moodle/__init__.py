"""Moodle XML: the format that carries most."""
