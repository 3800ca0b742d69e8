"""Exams: a quiz of the catalogue sat by a group at a time, with a supervisor."""
