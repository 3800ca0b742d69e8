"""Benchmarks that anyone can run: `.venv/bin/python -m bench.main`."""
