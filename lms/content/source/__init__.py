"""The files of a content tree: bytes, lines, settings, pictures, and what is wrong with them."""
