"""The working tree as learners will see it, on the author's own machine: no sign-in, nothing stored."""
