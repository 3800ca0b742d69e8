"""Rules of exams, pure."""
