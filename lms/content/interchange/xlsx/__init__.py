"""Excel workbooks: a documented sheet with headers in Vietnamese, Chinese or English."""
