"""People who enter themselves by a code that a unit gives out: farmers, craftsmen, whoever has no employer to enter them."""
