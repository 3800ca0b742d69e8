"""Publishing, and what the site reads of what was published."""
