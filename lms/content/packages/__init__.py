"""Courses, quizzes, contests and schemes, compiled from the files of a tree."""
