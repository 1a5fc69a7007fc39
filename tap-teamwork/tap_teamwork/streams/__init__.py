"""The streams of the tap, one module per resource family."""
