"""What helps to read: search, glossary, courses kept on the phone, courses as a book."""
