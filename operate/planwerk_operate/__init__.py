"""The command that an office types: load, look after, back up."""
