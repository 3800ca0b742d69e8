"""What is done with tests on paper: variants made, sheets entered, entries corrected."""
