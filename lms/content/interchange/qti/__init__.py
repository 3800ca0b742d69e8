"""QTI 2.1 and 3.0: a zip with a manifest, one XML file an item, and pictures. Written and read as 2.1; 3.0 has the same elements by other names."""
