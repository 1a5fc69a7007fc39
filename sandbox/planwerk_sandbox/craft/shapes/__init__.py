"""Rows and texts as the API writes them (`api/craft.md`, section 3)."""
