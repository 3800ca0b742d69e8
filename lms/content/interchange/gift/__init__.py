"""GIFT, Moodle's text format."""
