"""People from the sheets that a unit has: read, mapped, checked row by row, mended, applied, undone; and the list of people as a sheet."""
