"""A course as a PDF book: clean HTML -> a tree of plain values -> typst, which never reads a word of the content as its own language."""
