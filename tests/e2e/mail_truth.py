"""What the warehouse has to hold of the mail, worked out from the truth without the tap's code."""

import datetime as dt

from difference import Difference

STREAMS = (
    "organizations",
    "users",
    "teams",
    "shared_labels",
    "responses",
    "contact_books",
    "contact_groups",
    "contacts",
    "conversation_tasks",
    "conversations",
    "messages",
    "comments",
)

FULL_TABLES = STREAMS[:7]

LISTS_OF_IDS = {
    "active_member_ids": "active_members",
    "observer_ids": "observers",
    "share_with_user_ids": "share_with_users",
    "assignee_ids": "assignees",
    "shared_label_ids": "shared_labels",
}
SHELL = {"id", "last_activity_at", "is_guest", "is_deleted"}
"""What a guest sees of a conversation."""
REDACTED = {"body", "preview", "to_fields", "cc_fields", "bcc_fields", "reply_to_fields"}
WITHIN_CONVERSATIONS = ("messages", "comments")


def id_of(value):
    return value["id"] if isinstance(value, dict) else value


def expected(stream, column, kind, row):
    """Return what a column has to hold, worked out without the tap's code."""
    if stream == "conversations":
        if row["_guest"] and column not in SHELL:
            return None
        users = row["users"]
        known = {
            "is_trashed": bool(users) and all(user["trashed"] for user in users),
            "is_junked": bool(users) and all(user["junked"] for user in users),
            "is_guest": row["_guest"],
            "is_deleted": False,
            "merged_into_id": None,
        }
        if column in known:
            return known[column]
    if column == "conversation_id" and stream in WITHIN_CONVERSATIONS:
        return row["_conversation_id"]
    if column in LISTS_OF_IDS:
        listed = row.get(LISTS_OF_IDS[column])
        return None if listed is None else [id_of(item) for item in listed]
    if column.endswith("_id") and column.removesuffix("_id") in row:
        return id_of(row[column.removesuffix("_id")])
    value = row.get(column)
    if row.get("_redacted") and column in REDACTED:
        return None
    if kind.startswith("timestamp") and value is not None:
        return dt.datetime.fromtimestamp(value, dt.timezone.utc)
    return value


def held(mail, stream, names):
    columns = ", ".join(f'"{name}"' for name in names)
    living = "_sdc_deleted_at is null"
    if stream == "conversations":
        living += " and not is_deleted and merged_into_id is null"
    return {
        row[0]: row
        for row in mail.rows(f"select {columns} from raw_missive.{stream} where {living}")
    }


def differences(mail):
    """Yield every difference in any column of any row, and in which rows there are.

    That a message or comment which is gone stays is none.
    """
    for stream in STREAMS:
        columns = mail.rows(
            "select column_name::text, data_type::text from information_schema.columns"
            " where table_schema = 'raw_missive' and table_name = %s"
            " and column_name not like %s order by ordinal_position",
            stream,
            "\\_sdc%",
        )
        rows = held(mail, stream, [name for name, _ in columns])
        truth = {row["id"]: row for row in mail.control.truth(stream, reachable=True)}
        kept = rows.keys() - truth.keys()
        if stream in WITHIN_CONVERSATIONS:
            # Nothing tells that a single message or comment is gone: it stays.
            kept -= {row["id"] for row in mail.control.truth(stream)}
        yield from (Difference(stream, id_, "too many") for id_ in sorted(kept))
        for id_, row in truth.items():
            if id_ not in rows:
                yield Difference(stream, id_, "missing", row=row)
            elif not row.get("deleted"):
                yield from _within(stream, columns, rows[id_], row)


def _within(stream, columns, found, row):
    for (column, kind), value in zip(columns, found, strict=True):
        if column == "body_text":
            if value and not row["body"]:
                yield Difference(stream, row["id"], column, value, None, row)
            continue
        wanted = expected(stream, column, kind, row)
        if value != wanted:
            yield Difference(stream, row["id"], column, value, wanted, row)


def compare(mail, *, but_for=()):
    """Find no difference; return the number of rows.

    `but_for` names ids of rows that are allowed to be missing.
    """
    found = [
        str(difference)
        for difference in differences(mail)
        if not (difference.what == "missing" and difference.id in but_for)
    ]
    assert not found, found[:9]
    return sum(len(mail.control.truth(stream, reachable=True)) for stream in STREAMS)


def full_conversations(mail):
    """Conversations with all that the token's owner may see, the oldest activity first."""
    rows = mail.control.truth("conversations", reachable=True)
    full = [
        row
        for row in rows
        if not row["_guest"] and not any(user["trashed"] or user["junked"] for user in row["users"])
    ]
    return sorted(full, key=lambda row: row["last_activity_at"])
