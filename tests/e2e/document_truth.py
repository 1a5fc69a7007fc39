"""What the warehouse has to hold of the documents, worked out without the tap's code."""

import datetime as dt

from difference import Difference

STREAMS = (
    *("folders", "documents", "document_contents"),
    *("collections", "collection_items", "tasks"),
)
KEYS = {stream: "document_id" if stream == "document_contents" else "id" for stream in STREAMS}
NAMES = {
    "folders": {"parent_id": "_parent_id", "path": "_path", "name": "name"},
    "documents": {
        "title": "title",
        "folder_id": "_folder_id",
        "folder_ids": "_folder_ids",
        "folder_path": "_folder_path",
        "location": "_location",
        "is_deleted": "_deleted",
        "daily_note_date": "dailyNoteDate",
        "created_at": "createdAt",
        "last_modified_at": "lastModifiedAt",
        "url": "clickableLink",
    },
    "document_contents": {"markdown": "_markdown", "last_modified_at": "_last_modified_at"},
    "collections": {"name": "name", "item_count": "itemCount", "document_id": "_document_id"},
    "collection_items": {
        "properties": "properties",
        "collection_id": "_collection_id",
        "document_id": "_document_id",
    },
    "tasks": {
        "markdown": "markdown",
        "state": "taskInfo.state",
        "schedule_date": "taskInfo.scheduleDate",
        "deadline_date": "taskInfo.deadlineDate",
        "document_id": "location.documentId",
        "daily_note_date": "location.date",
    },
}
"""Per stream: the member of the truth that a column holds."""
UNKNOWN = {
    "documents": {
        "documents": {"folder_id", "folder_ids", "folder_path", "location", "daily_note_date"}
    },
    "daily": {
        "documents": {
            *("folder_id", "folder_ids", "folder_path", "location"),
            *("last_modified_at", "url"),
        },
        "document_contents": {"last_modified_at"},
        "collections": {"document_id"},
        "collection_items": {"document_id"},
    },
}
"""Columns that a flavour does not tell, or only in another way, by stream."""


def wanted_member(row, member):
    for name in member.split("."):
        row = row.get(name)
    return row


def as_stored(value, kind):
    if value is None:
        return None
    if kind.startswith("timestamp"):
        return dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return dt.date.fromisoformat(value) if kind == "date" else value


def truth(documents, stream):
    """Return the rows that the link shows, by id."""
    rows = documents.control.truth(stream, reachable=True, flavour=documents.flavour)
    if stream == "folders":
        rows = [row for row in rows if not (row["_built_in"] or row["_deleted"])]
    if stream == "document_contents":
        broken = {row["id"] for row in documents.control.truth("documents") if row["_broken"]}
        rows = [
            row
            for row in rows
            if row["document_id"] not in broken
            and not (documents.flavour == "documents" and row["_deleted"])
        ]
    return {row[KEYS[stream]]: row for row in rows}


def differences(documents):
    """Yield every difference in any column of any row, and in which rows live."""
    for stream in STREAMS:
        kinds = dict(
            documents.rows(
                "select column_name::text, data_type::text from information_schema.columns"
                " where table_schema = 'raw_craft' and table_name = %s",
                stream,
            )
        )
        columns = [
            name
            for name in NAMES[stream]
            if name not in UNKNOWN.get(documents.flavour, {}).get(stream, ())
        ]
        rows = held(documents, stream, columns)
        wanted = truth(documents, stream)
        # What a document said stays when it is gone.
        kept = set() if stream == "document_contents" else rows.keys() - wanted.keys()
        if stream == "tasks" and documents.flavour == "daily":
            kept = set()
        yield from (Difference(stream, id_, "too many") for id_ in sorted(kept))
        for id_, row in wanted.items():
            if id_ not in rows:
                yield Difference(stream, id_, "missing", row=row)
                continue
            for column, value in zip(columns, rows[id_], strict=True):
                if row.get("isDeleted") and column != "is_deleted":
                    continue  # the row says no more, and what was stored stays
                member = as_stored(wanted_member(row, NAMES[stream][column]), kinds[column])
                if value != member:
                    yield Difference(stream, id_, column, value, member, row)


def held(documents, stream, columns):
    """Return the rows that live, by id, without it."""
    listed = ", ".join([KEYS[stream], *columns])
    alive = "" if stream == "document_contents" else " where _sdc_deleted_at is null"
    return {
        row[0]: row[1:] for row in documents.rows(f"select {listed} from raw_craft.{stream}{alive}")
    }


def compare(documents):
    """Find no difference; return the number of rows."""
    found = [str(difference) for difference in differences(documents)]
    assert not found, found[:9]
    return sum(len(truth(documents, stream)) for stream in STREAMS)
