"""Comments, posts and tasks, in the shape of sections 6.4, 6.5 and 6.10."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planwerk_sandbox.missive.shapes.catalogue import coworker, team_reference
from planwerk_sandbox.missive.shapes.files import attachment

if TYPE_CHECKING:
    from planwerk_sandbox.missive.context import Context, Shape
    from planwerk_sandbox.office.mail.model import Comment, ConversationTask, Post


def comment(at: Context, row: Comment) -> Shape:
    """Write a comment; only the owner of the token is marked with `me`."""
    author = at.mail.users.get(row.author or "")
    its_task = at.mail.rows("conversation_tasks").get(row.task or "")
    me = {"me": True} if row.author == at.mail.owner else {}
    return {
        "id": row.id,
        "body": row.body,
        "created_at": at.time(row.created_at),
        "mentions": row.mentions,
        "meta": [],
        "author": coworker(author) | me if author else None,
        "attachment": attachment(at, row.attachment) if row.attachment else None,
        "task": _task_of_comment(at, its_task) if its_task else None,
    }


def post(at: Context, row: Post) -> Shape:
    """Write an entry of an integration."""
    return {
        "id": row.id,
        "created_at": at.time(row.created_at),
        "username": row.username,
        "username_icon": row.username_icon,
        "notification": row.notification,
        "attachments": row.attachments,
    }


def task(at: Context, row: ConversationTask) -> Shape:
    """Write a task as the list shows it: assignees and team by id."""
    return {
        "id": row.id,
        "conversation": row.conversation.id if row.conversation else None,
        "title": row.title,
        "description": row.description,
        "state": row.state,
        "started_at": at.maybe_time(row.started_at),
        "closed_at": at.maybe_time(row.closed_at),
        "due_at": at.maybe_time(row.due_at),
        "assignees": row.assignees,
        "team": row.team,
        "type": row.type,
        "last_activity_at": at.time(row.last_activity_at),
    }


def single_task(at: Context, row: ConversationTask) -> Shape:
    """Write a task fetched alone: assignees and team as objects, without its last activity."""
    shape = task(at, row)
    del shape["last_activity_at"]
    return shape | {"assignees": _assignees(at, row), "team": team_reference(at.mail, row.team)}


def _task_of_comment(at: Context, row: ConversationTask) -> Shape:
    return {
        "description": row.title,
        "state": row.state,
        "due_at": at.maybe_time(row.due_at),
        "started_at": at.maybe_time(row.started_at),
        "closed_at": at.maybe_time(row.closed_at),
        "assignees": _assignees(at, row),
        "team": team_reference(at.mail, row.team),
    }


def _assignees(at: Context, row: ConversationTask) -> list[Shape]:
    return [coworker(at.mail.users[user]) for user in row.assignees if user in at.mail.users]
