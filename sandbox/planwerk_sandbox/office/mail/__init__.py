"""The mail of the office: conversations, messages, comments, labels and contacts. No HTTP."""

from planwerk_sandbox.office.mail.build import LazyMail
from planwerk_sandbox.office.mail.mail import Mail

__all__ = ["LazyMail", "Mail"]
