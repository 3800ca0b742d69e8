"""The rules of importing people: what a column is, what a cell says, what becomes of a row."""
