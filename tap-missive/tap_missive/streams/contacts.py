"""Address books: contact books, groups, contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from singer_sdk import typing as th
from tap_kit.schema import flag, key, moment, schema, structures, text, texts

from tap_missive.client import ChangesStream, ListStream
from tap_missive.moments import epoch, is_seconds, iso
from tap_missive.paging import read_slices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from singer_sdk.helpers.types import Context
    from tap_kit.columns import Row

ALL = 1
"""A `modified_since` that all contacts are newer than."""


class ContactBooks(ListStream):
    """Contact books (fact sheet 6.9)."""

    name = "contact_books"
    path = "contact_books"
    envelope = "contact_books"
    schema = schema(
        key("id", "Id of the contact book.", th.StringType()),
        text("name", "Name."),
        text("description", "Description."),
        text("organization_id", "Organization; null for a personal book."),
        text("user_id", "Owner."),
        flag("share_with_organization", "Shared with the whole organization."),
        text("share_with_team_id", "Team it is shared with."),
        texts("share_with_user_ids", "Users it is shared with."),
        flag("importing", "An import is under way."),
        flag("exclude_from_search", "Left out of searches."),
    )

    def get_rows(self) -> Iterator[Row]:
        """Yield every book; asked for once per run, because two other streams need them too."""
        yield from self._tap.contact_books


class ContactGroups(ListStream):
    """Groups and organizations of contacts; each book and kind is a list (fact sheet 3.5)."""

    name = "contact_groups"
    path = "contact_groups"
    envelope = "contact_groups"
    schema = schema(
        key("id", "Id of the group.", th.StringType()),
        text("contact_book_id", "Contact book."),
        text("kind", "`group` or `organization`."),
        text("name", "Name."),
    )

    def get_rows(self) -> Iterator[Row]:
        """Yield every group of every book, with the book and kind that were asked for."""
        for book in self._tap.contact_books:
            for kind in ("group", "organization"):
                where = {"contact_book": book["id"], "kind": kind}
                for row in self.listing(**where):
                    yield row | where


class Contacts(ChangesStream):
    """Contacts, deleted ones included; a deleted one is only its id and the moment (6.9).

    They come newest change first, so a contact that changes meanwhile pushes others down but never
    out of a page that is still to come; deleted ones stay in the list and keep their place.
    """

    name = "contacts"
    path = "contacts"
    envelope = "contacts"
    replication_key = "modified_at"
    schema = schema(
        key("id", "Id of the contact.", th.StringType()),
        text("contact_book_id", "Contact book."),
        text("first_name", "First name."),
        text("middle_name", "Middle name."),
        text("last_name", "Last name."),
        text("phonetic_first_name", "First name as it sounds."),
        text("phonetic_middle_name", "Middle name as it sounds."),
        text("phonetic_last_name", "Last name as it sounds."),
        text("prefix", "Title before the name."),
        text("suffix", "Title after the name."),
        text("nickname", "Nickname."),
        text("file_as", "Name to sort by."),
        text("notes", "Notes."),
        text("gender", "Gender."),
        flag("starred", "Marked with a star."),
        structures("infos", "Addresses and numbers: `kind`, `label`, `value` ..."),
        structures("memberships", "Groups and organizations, with `title` and `department`."),
        flag("deleted", "Deleted in Missive."),
        moment("modified_at", "When it was last changed."),
    )

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield what changed in each book; a book that is new in the list is read whole.

        Each book has its own moment in the state: one whose list came back empty by mistake would
        else lose what it had before the newest change of another.
        """
        known, read = self._read_up_to(), {}
        for book in (book["id"] for book in self._tap.contact_books):
            begin = self.or_again(self.overlapped(known[book])) if book in known else self.start
            newest = epoch(known.get(book)) or 0
            for row in self._changes(book, epoch(begin) or ALL):
                newest = max(newest, self._changed_at(row))
                yield row
            if newest:
                read[book] = iso(newest)
        self.stream_state["contact_books"] = read

    def _read_up_to(self) -> dict[str, str]:
        """Return the moment of the newest change that was read, by book.

        As the bookmark does, it counts for the same owner and `start_date`, and unless the
        server's clock has not reached it.
        """
        state = self.stream_state
        if self.begins_earlier or not self._tap.is_owner_of(state):
            return {}
        known = state.get("contact_books", {})
        if isinstance(known, list):
            # Versions before this one kept one moment for all books.
            known = dict.fromkeys(known, state.get("replication_key_value"))
        return {
            book: moment for book, moment in known.items() if moment and not self.is_ahead(moment)
        }

    def _changed_at(self, row: Row) -> float:
        value = row.get("modified_at")
        clock = self._tap.server_clock.timestamp()
        return min(float(value or 0), clock) if is_seconds(value) else 0

    def _changes(self, book: str, since: float) -> Iterator[Row]:
        listing = read_slices(
            lambda offset: self.slice(
                offset,
                contact_book=book,
                order="last_modified",
                modified_since=int(since),
                include_deleted="true",
            ),
            overlap=0,
        )
        for row in listing:
            yield {"contact_book": book, **row}
