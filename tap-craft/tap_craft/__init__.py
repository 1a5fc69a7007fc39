"""Singer tap for Craft."""
