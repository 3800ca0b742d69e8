"""What is done in certification: evidence comes in, officers assign, confirm, issue and revoke; desks and pages read."""
