"""What the control interface changes and shows of the Craft half."""
