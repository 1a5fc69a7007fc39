"""What the control interface changes and shows of the Missive half."""
