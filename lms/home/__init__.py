"""The first page of each role, put together from the rooms."""
