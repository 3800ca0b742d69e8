"""The rules of item quality, pure: what is counted, what is computed from it, and what a trainer should look at."""
