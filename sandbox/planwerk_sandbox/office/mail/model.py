"""The rows of the mail, as compact objects.

Attributes that the Missive API reads with have its names (`api/missive.md`, section 6); times are
Unix seconds. What a mail says is not stored: `letters.py` writes it from the seed of the message.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

FLAGS = (
    *("unassigned", "closed", "archived", "trashed"),
    *("junked", "assigned", "flagged", "snoozed"),
)
"""The marks that a conversation carries for each of its users, one bit each in this order."""

FLAG = {name: 1 << position for position, name in enumerate(FLAGS)}

Access = Literal["full", "guest", "none"]


@dataclass(slots=True, frozen=True)
class Party:
    """Somebody who writes or reads: by mail, or by phone where there is no address."""

    name: str | None
    address: str | None = None
    phone: str | None = None
    user_id: str | None = None


@dataclass(slots=True, frozen=True)
class Thread:
    """What the messages of one exchange share, wherever they are filed."""

    number: int
    channel: str
    english: bool
    subject: str | None
    project: str
    cast: tuple[Party, ...]


@dataclass(slots=True, kw_only=True, eq=False)
class Row:
    """What every row has: an id and the mark of a deletion that the API does not show."""

    id: str
    deleted: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Organization(Row):
    """An organization of the account."""

    name: str


@dataclass(slots=True, kw_only=True, eq=False)
class User(Row):
    """A coworker; one who left is named by old rows and listed nowhere."""

    name: str
    email: str
    avatar_url: str | None = None
    left: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Team(Row):
    """A team with its inbox."""

    name: str
    organization: str
    active_members: list[str] = field(default_factory=list)
    observers: list[str] = field(default_factory=list)
    emoji: str | None = None
    color: str | None = None
    inactivity_period: int | None = None
    business_hours: dict[str, Any] | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class SharedLabel(Row):
    """A label; one visible to delegates only is not listed, though conversations carry it."""

    name: str
    organization: str
    color: str | None = None
    parent: str | None = None
    share_with_organization: bool = True
    share_with_team: str | None = None
    share_with_users: list[str] = field(default_factory=list)
    visibility: Literal["organization", "delegates"] = "organization"


@dataclass(slots=True, kw_only=True, eq=False)
class ContactBook(Row):
    """A contact book; personal without an organization."""

    name: str
    user: str | None = None
    description: str | None = None
    organization: str | None = None
    share_with_organization: bool = False
    share_with_team: str | None = None
    share_with_users: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, eq=False)
class ContactGroup(Row):
    """A group or an organization of one contact book."""

    name: str
    contact_book: str
    kind: Literal["group", "organization"] = "group"


@dataclass(slots=True, kw_only=True, eq=False)
class Contact(Row):
    """A contact; deleted ones stay as tombstones. A membership holds the id of its group."""

    contact_book: str
    first_name: str | None = None
    last_name: str | None = None
    starred: bool = False
    modified_at: int
    notes: str | None = None
    infos: list[dict[str, Any]] = field(default_factory=list)
    memberships: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, eq=False)
class Response(Row):
    """A canned response of the organization or of one user."""

    title: str
    subject: str | None = None
    body: str = ""
    organization: str | None = None
    user: str | None = None
    share_with_team: str | None = None
    modified_at: int
    shared_labels: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True, eq=False)
class Attachment:
    """A file; `inline` ones are shown in the body."""

    id: str
    filename: str | None
    media_type: str
    sub_type: str
    size: int
    width: int | None = None
    height: int | None = None
    inline: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class Conversation(Row):
    """A conversation with everything in it; `seats` holds the marks of each user by id."""

    created_at: int
    last_activity_at: int
    subject: str | None = None
    color: str | None = None
    organization: str | None = None
    team: str | None = None
    seats: dict[str, int] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    drafts: list[Message] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    tasks: list[ConversationTask] = field(default_factory=list)
    access: Access = "full"
    merged_into: str | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Message(Row):
    """A message or, without `delivered_at`, a draft.

    `changes` holds members in the API's shape that stand over what the seed gives.
    """

    conversation: Conversation
    thread: Thread
    position: int
    seed: int
    sender: Party
    delivered_at: int | None
    created_at: int
    updated_at: int
    long: bool = False
    attachments: tuple[Attachment, ...] = ()
    redacted: bool = False
    changes: dict[str, Any] | None = None

    @property
    def order(self) -> tuple[int, str]:
        """Its place in the conversation."""
        return (self.delivered_at or 0, self.id)


@dataclass(slots=True, kw_only=True, eq=False)
class Comment(Row):
    """A chat line of a coworker; an edit leaves no trace."""

    conversation: Conversation
    created_at: int
    body: str | None = None
    author: str | None = None
    mentions: list[dict[str, Any]] = field(default_factory=list)
    attachment: Attachment | None = None
    task: str | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class ConversationTask(Row):
    """A task of a conversation or, without one, of a user or team."""

    conversation: Conversation | None = None
    title: str
    description: str | None = None
    state: Literal["todo", "in_progress", "closed"] = "todo"
    type: Literal["task", "conversation"] = "task"
    assignees: list[str] = field(default_factory=list)
    team: str | None = None
    started_at: int | None = None
    closed_at: int | None = None
    due_at: int | None = None
    last_activity_at: int


@dataclass(slots=True, kw_only=True, eq=False)
class Post(Row):
    """An entry of an integration."""

    conversation: Conversation
    created_at: int
    username: str
    username_icon: str | None = None
    notification: dict[str, Any] = field(default_factory=dict)
    attachments: list[dict[str, Any]] = field(default_factory=list)
