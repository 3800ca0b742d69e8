"""Everything that is known of a person, gathered or erased."""
