"""Word documents as trainers write their banks: nothing is guessed in silence."""
