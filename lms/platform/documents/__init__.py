"""Papers: numbers without gaps, QR codes, PDF."""
