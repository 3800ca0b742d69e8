"""What every page shares: layout, macros, static files, navigation, error pages."""
