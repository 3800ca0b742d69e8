"""Making, finding, listing and ending draft links, and keeping up with their branches."""
