"""Attachments, in the shape of section 6.3."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planwerk_sandbox.missive.context import Context, Shape
    from planwerk_sandbox.office.mail.model import Attachment


def attachment(at: Context, file: Attachment) -> Shape:
    """Write a file; one without a name has neither name nor extension."""
    shape: Shape = {"id": file.id}
    if file.filename is not None:
        _, dot, extension = file.filename.rpartition(".")
        shape |= {"filename": file.filename, "extension": extension if dot else None}
    return shape | {
        "url": at.link(file),
        "media_type": file.media_type,
        "sub_type": file.sub_type,
        "size": file.size,
        "width": file.width,
        "height": file.height,
    }
