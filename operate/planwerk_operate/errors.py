"""What a user is told when a command cannot do its work."""


class OperateError(Exception):
    """A failure with one sentence that says what, where and what to do."""
