"""Items: read, checked and put together."""
