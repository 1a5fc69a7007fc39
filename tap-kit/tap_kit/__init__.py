"""What Planwerk's Singer taps have in common."""
