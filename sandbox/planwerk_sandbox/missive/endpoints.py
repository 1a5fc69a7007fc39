"""The read endpoints: which rows a path and its parameters ask for, in their envelope."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from planwerk_sandbox.missive import mailboxes, shapes
from planwerk_sandbox.missive.errors import bad_request, not_found
from planwerk_sandbox.missive.paging import Listing, Listings, page_by_offset, page_until
from planwerk_sandbox.missive.shapes import comments, conversations, messages
from planwerk_sandbox.office.mail import letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from planwerk_sandbox.missive.context import Context, Shape
    from planwerk_sandbox.missive.parameters import Parameters
    from planwerk_sandbox.office.mail.model import Conversation, Message

_OFFSET_LISTS = ("organizations", "users", "teams", "shared_labels", "contact_books", "responses")
_BY_ORGANIZATION = ("users", "teams", "shared_labels", "responses")
_NESTED = ("messages", "comments", "drafts", "posts")
_SAME_MAIL = 10


class Endpoints:
    """Answers the paths below the API's root from the mail."""

    def __init__(self, at: Context) -> None:
        self._at = at
        self._mail = at.mail
        self._settings = at.settings
        self._listings = Listings()
        self._lists: dict[str, Callable[[Parameters], list[Shape]]] = {
            "conversations": self._conversations,
            "messages": self._same_mail,
            "tasks": self._tasks,
            "contacts": self._contacts,
            "contact_groups": self._contact_groups,
            **{kind: partial(self._offset_list, kind) for kind in _OFFSET_LISTS},
        }
        self._singles: dict[str, Callable[[str], Shape | list[Shape]]] = {
            "conversations": self._single_conversation,
            "tasks": self._single_task,
            "contacts": partial(self._single, "contacts"),
            "responses": partial(self._single, "responses"),
        }

    def body(self, segments: list[str], query: Parameters) -> Shape:
        """Return the body of the answer to a GET.

        Args:
            segments: The path below the API's root in parts.
            query: The parameters of the request.

        Raises:
            ApiError: 400 for a refused parameter, 404 for an unknown path or id.
        """
        match segments:
            case [name] if name in self._lists:
                return {name: self._lists[name](query)}
            case ["conversations", row_id, kind] if kind in _NESTED:
                return {kind: self._nested(row_id, kind, query)}
            case ["messages", ids]:
                return {"messages": self._messages(ids.split(","))}
            case [name, row_id] if name in self._singles:
                return {name: self._singles[name](row_id)}
            case _:
                raise not_found()

    def _served(self, kind: str, rows: list[Any]) -> list[Shape]:
        return [shapes.served(self._at, kind, row) for row in rows]

    def _single(self, kind: str, row_id: str) -> Shape:
        return shapes.served(self._at, kind, self._living(kind, row_id))

    def _single_task(self, row_id: str) -> Shape:
        shape = comments.single_task(self._at, self._living("conversation_tasks", row_id))
        return shapes.with_extras(self._at, "conversation_tasks", shape)

    def _single_conversation(self, row_id: str) -> list[Shape]:
        shape = conversations.single(self._at, self._conversation(row_id, follow=True))
        return [shapes.with_extras(self._at, "conversations", shape)]

    def _living(self, kind: str, row_id: str) -> Any:  # noqa: ANN401  # rows of several kinds
        row = self._mail.rows(kind).get(row_id)
        if row is None or row.deleted:
            raise not_found()
        return row

    def _version(self) -> tuple[int, str]:
        return self._mail.version, repr(self._settings)

    def _conversations(self, query: Parameters) -> list[Shape]:
        key, shows = mailboxes.chosen(self._mail, self._settings, query)

        def build() -> Listing:
            rows = self._mail.conversations.values()
            return Listing.of(
                (r for r in rows if not r.deleted and r.merged_into is None and shows(r)),
                lambda row: self._at.time(row.last_activity_at),
            )

        listing = self._listings.get(self._version(), key, build)
        return self._served("conversations", page_until(listing, query, self._settings, 25, 50))

    def _conversation(self, row_id: str, *, follow: bool) -> Conversation:
        """Find a conversation that the owner may see, through merges if told to."""
        row = self._mail.conversations.get(row_id)
        while follow and row is not None and row.merged_into is not None:
            row = self._mail.conversations.get(row.merged_into)
        if row is None or row.deleted or row.access == "none" or row.merged_into is not None:
            raise not_found()
        return row

    def _nested(self, row_id: str, kind: str, query: Parameters) -> list[Shape]:
        follow = self._settings.nested_lists_follow_merges
        parent = self._conversation(row_id, follow=follow)
        rows: list[Any] = getattr(parent, kind) if parent.access == "full" else []
        moment = "delivered_at" if kind == "messages" else "created_at"
        listing = Listing.of(rows, lambda row: self._at.time(getattr(row, moment)))
        return self._served(kind, page_until(listing, query, self._settings, 10, 10))

    def _reads(self, row: Message | None) -> bool:
        return (
            row is not None
            and not row.deleted
            and not row.conversation.deleted
            and row.conversation.access == "full"
        )

    def _full(self, row: Message) -> Shape:
        return shapes.with_extras(self._at, "messages", messages.full(self._at, row))

    def _messages(self, ids: list[str]) -> Shape | list[Shape]:
        if len(ids) > self._settings.largest_batch:
            raise bad_request(f"max number of ids is {self._settings.largest_batch}")
        table = self._mail.rows("messages")
        rows = [table[row_id] for row_id in ids if self._reads(table.get(row_id))]
        strict = len(ids) == 1 or self._settings.unknown_ids_in_batch == "404"
        if strict and len(rows) < len(ids):
            raise not_found()
        if len(ids) == 1:
            return self._full(rows[0])
        if self._settings.batch_order == "reversed":
            rows.reverse()
        return [self._full(row) for row in rows]

    def _same_mail(self, query: Parameters) -> list[Shape]:
        """Return the copies of one mail by its Message-ID, newest first."""
        wanted = query.required("email_message_id")
        rows = [
            row
            for row in self._mail.rows("messages").values()
            if row.thread.channel == "email" and self._reads(row) and _email_id(row) == wanted
        ]
        listing = Listing.of(rows, lambda row: row.delivered_at)
        return [self._full(row) for row in listing.rows[:_SAME_MAIL]]

    def _tasks(self, query: Parameters) -> list[Shape]:
        wanted = {
            name: query.text(name)
            for name in ("organization", "state", "type", "team", "assignee", "conversation")
        }
        least, most = query.moment("due_at_gteq"), query.moment("due_at_lteq")

        def shows(row: Any) -> bool:  # noqa: ANN401  # only tasks come here
            parent = row.conversation
            if row.deleted or (parent is not None and (parent.deleted or parent.access == "none")):
                return False
            if (least is not None or most is not None) and row.due_at is None:
                return False
            return (
                wanted["state"] in (None, row.state)
                and wanted["type"] in (None, "all", row.type)
                and wanted["team"] in (None, row.team)
                and (wanted["assignee"] is None or wanted["assignee"] in row.assignees)
                and wanted["conversation"] in (None, parent and parent.id)
                and wanted["organization"] in (None, parent and parent.organization)
                and (least is None or row.due_at >= least)
                and (most is None or row.due_at <= most)
            )

        def build() -> Listing:
            rows = self._mail.rows("conversation_tasks").values()
            return Listing.of(filter(shows, rows), lambda row: self._at.time(row.last_activity_at))

        key = ("tasks", *wanted.values(), least, most)
        listing = self._listings.get(self._version(), key, build)
        return self._served(
            "conversation_tasks", page_until(listing, query, self._settings, 25, 50)
        )

    def _contacts(self, query: Parameters) -> list[Shape]:
        book = query.required("contact_book")
        since, with_deleted = query.moment("modified_since"), query.flag("include_deleted")
        search = (query.text("search") or "").lower()
        order = query.text("order") or "last_name"
        if order not in ("last_name", "last_modified"):
            raise bad_request("'order' must be last_name or last_modified")
        rows = [
            row
            for row in self._mail.rows("contacts").values()
            if row.contact_book == book
            and (not row.deleted or (with_deleted and since is not None))
            and (since is None or row.modified_at >= since)
            and search in f"{row.first_name} {row.last_name}".lower()
        ]
        if order == "last_modified":
            rows.sort(key=lambda row: (-row.modified_at, row.id))
        else:
            rows.sort(key=lambda row: (row.last_name or "", row.id))
        return self._served("contacts", page_by_offset(rows, query))

    def _contact_groups(self, query: Parameters) -> list[Shape]:
        book, kind = query.required("contact_book"), query.required("kind")
        if kind not in ("group", "organization"):
            raise bad_request("'kind' must be group or organization")
        rows = [
            row
            for row in self._mail.living("contact_groups")
            if row.contact_book == book and row.kind == kind
        ]
        return self._served("contact_groups", page_by_offset(rows, query))

    def _offset_list(self, kind: str, query: Parameters) -> list[Shape]:
        rows = self._mail.living(kind)
        organization = query.text("organization") if kind in _BY_ORGANIZATION else None
        if kind == "users":
            rows = [row for row in rows if not row.left]
        elif organization is not None:
            rows = [row for row in rows if row.organization == organization]
        if kind == "shared_labels":
            rows = [row for row in rows if row.visibility == "organization"]
        return self._served(kind, page_by_offset(rows, query))


def _email_id(row: Message) -> str:
    changed: str = (row.changes or {}).get("email_message_id", letters.email_id(row))
    return changed
