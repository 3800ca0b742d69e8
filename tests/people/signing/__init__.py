"""Signing in with more than a secret."""
