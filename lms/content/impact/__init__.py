"""What publishing a state of the sources would do to what is published and to what rests on it."""
