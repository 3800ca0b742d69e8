"""What is done in learning: studying lessons, recording class days."""
