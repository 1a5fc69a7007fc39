"""The streams, one module for each part of a space."""
