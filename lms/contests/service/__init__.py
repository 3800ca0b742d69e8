"""What is done with entries: counted, rebuilt, ranked and looked at. Services flush and never commit."""
