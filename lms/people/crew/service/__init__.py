"""Devices that are shared, and the people who use them."""
