"""What supervisors do, and what they see."""
