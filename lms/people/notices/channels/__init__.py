"""The ways out of the site. Each sends one thing to one place and says what became of it."""
