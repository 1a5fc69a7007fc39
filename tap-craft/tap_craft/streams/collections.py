"""Tables within documents: collections and their rows."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from singer_sdk import typing as th
from tap_kit.schema import day, integer, key, schema, structure, structures, text

from tap_craft.client import ListStream, NotFoundError, UnreadableError
from tap_craft.media import with_placeholders_inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from singer_sdk.helpers.types import Context, Record
    from tap_kit.columns import Row
    from tap_kit.http import Answer

_NOT_A_TITLE = {"id", "properties", "content", "contentPreview", "contentPreviewMd", "type"}


class CollectionStream(ListStream):
    """A list with a request for each collection, which has no moment of its own (3.6).

    It is read whole if one of the documents with collections changed, and else not at all: then
    neither a row nor a version is sent, and what was loaded stays.
    """

    _is_complete = True

    @property
    def lists_all(self) -> bool:
        """Whether what is missing is gone."""
        return self._is_complete

    def get_records(self, context: Context | None) -> Iterable[Record]:
        """Yield every row, or none if nothing can have changed."""
        fingerprint = self._fingerprint()
        if fingerprint and fingerprint == self.stream_state.get("fingerprint"):
            return
        yield from super().get_records(context)
        self.stream_state["fingerprint"] = fingerprint if self._is_complete else None

    def _fingerprint(self) -> str | None:
        """Return what differs once a collection may have changed; None if that is unknown."""
        facts = []
        for collection in self._tap.collections:
            document = self._tap.listing.document_with(collection)
            if document is None or document.version is None:
                return None
            counted = [collection.get(name) for name in ("id", "name", "itemCount")]
            facts.append([*counted, document.version])
        return sha256(json.dumps(sorted(facts, key=str)).encode()).hexdigest()

    def each(self, path: str, **asked: str) -> Iterator[tuple[Row, Answer]]:
        """Ask something of each collection; yield the collection and the answer."""
        for listed in self._tap.collections:
            document = self._tap.listing.document_with(listed)
            if document:
                self._tap.wait_out_the_second(document.changed_at)
            collection = {**listed, "documentId": document.id} if document else listed
            try:
                answer = self.fetch_alone(asked, path.format(id=collection["id"]))
            except (NotFoundError, UnreadableError):
                self._is_complete = False
                self.logger.warning(
                    "The collection %s could not be read for '%s'. Its rows stay as they are, and "
                    "nothing is marked as deleted, until the next run.",
                    collection["id"],
                    self.name,
                )
            else:
                yield collection, answer


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
        for collection, answer in self.each("collections/{id}/schema", format="schema"):
            title = answer.body.get("contentPropDetails")
            yield {
                **collection,
                "titleName": title.get("name") if isinstance(title, dict) else None,
                "properties": answer.body.get("properties"),
            }


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
        path = "collections/{id}/items"
        for collection, answer in self.each(path, maxDepth="0"):
            rows = self.items_in(answer, path.format(id=collection["id"]))
            self._tap.count_blocks(len(rows))
            for row in rows:
                yield {
                    **row,
                    "collectionId": collection["id"],
                    "documentId": collection.get("documentId"),
                    "title": _title(row),
                    "properties": with_placeholders_inside(row.get("properties") or {}),
                }


def _title(row: Row) -> str | None:
    """Return a row's title, whose key is another one where its column was renamed."""
    if "title" in row:
        return row["title"]  # type: ignore[no-any-return]
    others = (value for name, value in row.items() if name not in _NOT_A_TITLE)
    return next((value for value in others if isinstance(value, str)), None)
