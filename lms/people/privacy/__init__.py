"""What is kept of a person: taken away as a file by themselves, and erased as far as nothing has to be kept."""
