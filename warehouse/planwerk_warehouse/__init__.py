"""The PostgreSQL that Planwerk uses."""
