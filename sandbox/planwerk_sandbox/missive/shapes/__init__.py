"""Rows as the API writes them (`api/missive.md`, section 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planwerk_sandbox.missive.shapes import catalogue, comments, conversations, messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.missive.context import Context, Shape

_SHAPES: dict[str, Callable[[Context, Any], Shape]] = {
    "organizations": catalogue.organization,
    "users": catalogue.user,
    "teams": catalogue.team,
    "shared_labels": catalogue.shared_label,
    "contact_books": catalogue.contact_book,
    "contact_groups": catalogue.contact_group,
    "contacts": catalogue.contact,
    "responses": catalogue.response,
    "conversations": conversations.conversation,
    "messages": messages.listed,
    "drafts": messages.draft,
    "comments": comments.comment,
    "posts": comments.post,
    "conversation_tasks": comments.task,
}


def shape_of(at: Context, kind: str, row: Any) -> Shape:  # noqa: ANN401  # rows of several kinds
    """Write a row of a kind as the API lists it."""
    return _SHAPES[kind](at, row)


def served(at: Context, kind: str, row: Any) -> Shape:  # noqa: ANN401  # rows of several kinds
    """Write a row of a kind with what the settings put over it."""
    return with_extras(at, kind, shape_of(at, kind, row))


def with_extras(at: Context, kind: str, shape: Shape) -> Shape:
    """Add what the settings put over every row of a kind."""
    extra = {"beta_feature": {"on": True}, "rank": [1, 2]} if at.settings.extra_fields else {}
    return shape | extra | at.settings.served_fields.get(kind, {})
