"""The SQL of the Planwerk warehouse, and the command that applies it."""
