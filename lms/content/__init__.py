"""Courses, quizzes, contests and schemes: from files in git to a checked, frozen catalogue."""
