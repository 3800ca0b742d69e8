"""What notices do to the database."""
