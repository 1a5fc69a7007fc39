"""Singer tap for Teamwork.com."""
