"""What is done with exams: made, changed, opened to candidates, moved."""
