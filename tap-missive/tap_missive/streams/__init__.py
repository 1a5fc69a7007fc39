"""The streams, one module per family of resources."""
