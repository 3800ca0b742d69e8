"""What is done with sheets of people: read, checked, mended, applied, undone, forgotten. Services flush and never commit."""
