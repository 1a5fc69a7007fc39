"""The hand of a test: changes, faults, hooks, the clock, the request log and the truth."""
