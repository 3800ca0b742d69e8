"""Supervision: what people decide about sittings while they go on, and what the room sees of them."""
