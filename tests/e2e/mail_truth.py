"""What the warehouse has to hold of the mail, worked out from the truth without the tap's code."""

import datetime as dt

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


def compare(mail, *, but_for=()):
    """Compare every column of every row, and which rows there are; return the number of rows.

    `but_for` names ids of rows that are allowed to be missing.
    """
    compared = 0
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
            assert kept <= {row["id"] for row in mail.control.truth(stream)}, stream
        else:
            assert not kept, stream
        assert truth.keys() - rows.keys() <= set(but_for), stream
        for id_ in truth.keys() & rows.keys():
            row = truth[id_]
            if row.get("deleted"):
                continue
            for (column, kind), value in zip(columns, rows[id_], strict=True):
                if column == "body_text":
                    assert bool(value) <= bool(row["body"])
                    continue
                wanted = expected(stream, column, kind, row)
                assert value == wanted, f"{stream} {id_}: {column}"
            compared += 1
    return compared


def full_conversations(mail):
    """Conversations with all that the token's owner may see, the oldest activity first."""
    rows = mail.control.truth("conversations", reachable=True)
    full = [
        row
        for row in rows
        if not row["_guest"] and not any(user["trashed"] or user["junked"] for user in row["users"])
    ]
    return sorted(full, key=lambda row: row["last_activity_at"])
