"""Who is certified, until when, and how we know: schemes, evidence, periods, documents, registers."""
