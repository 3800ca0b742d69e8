"""Vệ An (卫安): an open learning site for occupational safety and health."""

__version__ = "0.1.0"
