"""`lms preview`."""
