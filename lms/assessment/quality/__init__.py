"""How good the questions are: figures of classical test theory, and what learners report."""
