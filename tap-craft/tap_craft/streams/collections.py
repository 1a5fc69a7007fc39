"""Tables within documents: collections and their rows."""

from __future__ import annotations

import json
from abc import abstractmethod
from hashlib import sha256
from typing import TYPE_CHECKING

from singer_sdk import typing as th
from tap_kit.schema import day, integer, key, schema, structure, structures, text

from tap_craft.client import ListStream, NotFoundError, UnreadableError, incomplete
from tap_craft.media import with_placeholders_inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from singer_sdk.helpers.types import Context, Record
    from tap_kit.columns import Row
    from tap_kit.http import Answer

_NOT_A_TITLE = {"id", "properties", "content", "contentPreview", "contentPreviewMd", "type"}


class CollectionStream(ListStream):
    """A list with a request for each collection, which has no moment of its own (3.6).

    It is sent whole if one of the documents with collections changed, and else not at all: then
    neither a row nor a version is sent, and what was loaded stays. Asked for are only the
    collections of the documents that changed.
    """

    _is_complete = True

    @property
    def lists_all(self) -> bool:
        """Whether what is missing is gone."""
        return super().lists_all and self._is_complete

    def get_records(self, context: Context | None) -> Iterable[Record]:
        """Yield every row, or none if nothing can have changed."""
        fingerprint = self._fingerprint()
        if fingerprint and fingerprint == self.stream_state.get("fingerprint"):
            return
        yield from super().get_records(context)
        was_complete = self.stream_state.get("table_version") == self._stream_version
        self.stream_state["fingerprint"] = fingerprint if was_complete else None

    def _fingerprint(self) -> str | None:
        """Return what differs once a collection may have changed; None if that is unknown."""
        facts = []
        for collection in self._tap.collections:
            document = self._tap.listing.document_with(collection)
            if document is None or document.version is None:
                return None
            facts.append([*_facts(collection), document.version])
        return sha256(json.dumps(sorted(facts, key=str)).encode()).hexdigest()

    def each(self, what: str, **asked: str) -> Iterator[tuple[Row, Row]]:
        """Ask something of each collection; yield the collection and the answer."""
        paths = []
        # Whoever clears the state wants everything to be read again.
        is_known = "table_version" in self.stream_state
        for listed in self._tap.collections:
            document = self._tap.listing.document_with(listed)
            collection = {**listed, "documentId": document.id} if document else listed
            path = f"collections/{collection['id']}/{what}"
            paths.append(path)
            version = document and document.version and f"{document.version} {_facts(listed)}"
            body = None
            if version and is_known:
                body = self._tap.kept_answers.get(path, version)
            if body is None:
                if document:
                    self._tap.wait_out_the_second(document.changed_at)
                try:
                    body = self.checked(collection, self.fetch_alone(asked, path))
                except (NotFoundError, UnreadableError):
                    self._leave_out(collection)
                    continue
                if version and not self.has_lost_rows:
                    self._tap.kept_answers.put(path, version, body)
            yield collection, body
        self._tap.kept_answers.keep_only(f"collections/%/{what}", paths)

    @abstractmethod
    def checked(self, collection: Row, answer: Answer) -> Row:
        """Return an answer that is whole.

        Raises:
            UnreadableError: If it may be less than the collection has.
        """

    def _leave_out(self, collection: Row) -> None:
        """Leave a collection to the next run, and with it the word about what is gone."""
        self._is_complete = False
        self.logger.warning(
            "The collection %s could not be read for '%s'. Its rows stay as they are, and nothing "
            "is marked as deleted, until the next run.",
            collection["id"],
            self.name,
        )


class Collections(CollectionStream):
    """Collections (fact sheet 3.6)."""

    name = "collections"
    path = "collections"
    schema = schema(
        key("id", "Id of the collection.", th.StringType()),
        text("name", "Name."),
        text("document_id", "Document it is in."),
        day("daily_note_date", "Day of the daily note it is in."),
        integer("item_count", "Rows it has."),
        text("title_name", "What the titles of its rows are called."),
        structures("properties", "Its columns: `key`, `name`, `type`, `options` ..."),
    )

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield every collection with its columns."""
        for collection, columns in self.each("schema", format="schema"):
            title = columns.get("contentPropDetails")
            yield {
                **collection,
                "titleName": title.get("name") if isinstance(title, dict) else None,
                "properties": columns["properties"],
            }

    def checked(self, collection: Row, answer: Answer) -> Row:  # noqa: ARG002
        """Return the columns, which an answer always has."""
        if "properties" not in answer.body:
            raise incomplete("schema", "'properties'")
        return answer.body


class CollectionItems(CollectionStream):
    """Rows of collections (fact sheet 3.6); what is written within them is in the document."""

    name = "collection_items"
    path = "collections"
    schema = schema(
        key("id", "Id of the row, which is that of its block.", th.StringType()),
        text("collection_id", "Collection."),
        text("document_id", "Document that the collection is in."),
        text("title", "Title."),
        structure("properties", "Values by the `key` of the column; an empty one is missing."),
    )

    def request_records(self, context: Context | None) -> Iterable[Row]:  # noqa: ARG002
        """Yield every row of every collection."""
        for collection, answer in self.each("items", maxDepth="0"):
            for row in answer["items"]:
                yield {
                    **row,
                    "collectionId": collection["id"],
                    "documentId": collection.get("documentId"),
                    "title": _title(row),
                    "properties": with_placeholders_inside(row.get("properties") or {}),
                }

    def checked(self, collection: Row, answer: Answer) -> Row:
        """Return the rows, unless there are none where some were counted."""
        rows = self.items_in(answer, f"collections/{collection['id']}/items")
        if not rows and collection.get("itemCount"):
            raise UnreadableError("Craft sent no rows of a collection that has some.")
        self._tap.count_blocks(len(rows))
        return {"items": rows}


def _facts(collection: Row) -> list[object]:
    return [collection.get(name) for name in ("id", "name", "itemCount")]


def _title(row: Row) -> str | None:
    """Return a row's title, whose key is another one where its column was renamed."""
    if "title" in row:
        return row["title"]  # type: ignore[no-any-return]
    others = (value for name, value in row.items() if name not in _NOT_A_TITLE)
    return next((value for value in others if isinstance(value, str)), None)
