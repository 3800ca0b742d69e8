"""The rules of contests, pure: periods of tries, which attempt counts, places and ties, and the words that say them."""
