"""Question banks to and from other programs' formats. Everything goes through one neutral model (model.py); what is lost on the way is listed."""
