"""What can be wrong with a warehouse, as one sentence for the person who runs it."""


class WarehouseError(Exception):
    """A failure whose text is a sentence for the user; it never holds a password."""
