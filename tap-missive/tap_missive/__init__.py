"""Singer tap for Missive."""
