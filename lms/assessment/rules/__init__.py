"""The rules of sittings, pure: what is drawn, until when, what it scores, and what may be shown afterwards."""
