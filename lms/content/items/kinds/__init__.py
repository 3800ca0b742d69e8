"""The kinds of items: what each checks and makes."""
