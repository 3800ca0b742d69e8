"""Rules of supervision, pure."""
