"""`lms fix`: the same content in its plain form. What a file means to the compiler is never changed, but for ids that were missing."""
