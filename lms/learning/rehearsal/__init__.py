"""Practice and mock exams from the banks of a course's test."""
