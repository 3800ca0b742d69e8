"""Crew mode: one phone or tablet for many workers, each with badge or name and PIN; nothing of one is left for the next."""
