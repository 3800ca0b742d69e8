"""Courses as people take them: lessons, progress, study time, class days."""
