"""Rules of the library: folding, words of a search, snippets, the order of terms."""
