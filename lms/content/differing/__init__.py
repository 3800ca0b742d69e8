"""What two states of the content say differently, as people read it."""
