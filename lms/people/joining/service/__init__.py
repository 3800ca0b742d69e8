"""Codes given out and closed; people who join; what waits is accepted or refused."""
