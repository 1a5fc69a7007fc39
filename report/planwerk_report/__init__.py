"""The Planwerk warehouse as one self-contained HTML page."""
