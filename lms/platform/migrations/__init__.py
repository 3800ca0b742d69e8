"""Migrations, forward only, the same on SQLite and PostgreSQL."""
