"""A database put back from an older backup: one run without a state makes it true again."""

import document_truth
import mail_truth
import psycopg
import pytest
import test_truth
from planwerk_warehouse.server import write_service
from psycopg.conninfo import conninfo_to_dict

SCALE = 0.03


@pytest.fixture
def backup(new_database, database_url):
    """Copy the database of a pipeline; return a function that puts the copy in its place."""

    def copy(pipeline):
        pipeline.connection.close()
        url = new_database(conninfo_to_dict(database_url)["dbname"])
        pipeline.connection = psycopg.connect(database_url, autocommit=True)

        def put_back():
            pipeline.connection.close()
            write_service(conninfo_to_dict(url))
            pipeline.connection = psycopg.connect(url, autocommit=True)

        return put_back

    return copy


def sync(pipeline, **settings):
    assert pipeline.sync(**settings), pipeline.log


def test_of_teamwork(pipeline, backup):
    control = pipeline.control
    sync(pipeline)
    put_back = backup(pipeline)
    gone = {}
    for kind in (
        "tasks",
        "tasklists",
        "milestones",
        "timelogs",
        "comments",
        "tags",
        "people",
    ):
        living = [row for row in control.truth(kind, reachable=True) if not row.get("deletedAt")]
        gone[kind] = [row["id"] for row in living[-2:]]
        for id_ in gone[kind]:
            control.delete(kind, id_)
    edited = control.truth("tasks", reachable=True)[0]["id"]
    control.edit("tasks", edited, name="Nach der Sicherung")
    control.create("tags", name="KG 440 nach der Sicherung")
    sync(pipeline)
    put_back()
    pipeline.state = {}
    sync(pipeline)
    test_truth.compare(pipeline)
    for kind in ("tasks", "timelogs"):
        deleted = f"select count(deleted_at) from raw_teamwork.{kind} where id = any(%s)"
        assert pipeline.value(deleted, gone[kind]) == 2, kind


def test_of_missive(mail, backup):
    control = mail.control
    sync(mail)
    put_back = backup(mail)
    before, after, merged, survivor, late, read = (
        row["id"] for row in mail_truth.full_conversations(mail)[3:9]
    )
    contact = next(row["id"] for row in control.truth("contacts") if not row["_deleted"])
    control.delete("conversations", before)
    control.merge(merged, survivor)
    control.delete("contacts", contact)
    control.add_message(read, body="<p>nach der Sicherung</p>")
    control.advance(90_000)
    # The database that is lost hears of these, and only the spool folder knows.
    sync(mail)
    control.delete("conversations", after)
    put_back()
    mail.state = {}
    sync(mail)
    mail_truth.compare(mail)
    marks = "select id from raw_missive.conversations where is_deleted order by id"
    assert mail.rows(marks) == sorted([before, after])
    control.delete("conversations", late)
    control.advance(90_000)
    control.clear_requests()
    sync(mail)
    mail_truth.compare(mail)
    assert mail.rows(marks) == sorted([before, after, late])
    asked = control.requests()["by_path"]
    assert not [path for path in asked if path.startswith("messages/")], "all was read again"


def test_of_craft(documents, backup):
    control = documents.control
    sync(documents)
    put_back = backup(documents)
    rows = [
        row["id"]
        for row in control.truth("documents", flavour="space", reachable=True)
        if not (row["_deleted"] or row["_broken"]) and row["_location"] != "daily_notes"
    ]
    purged, trashed, edited, *_ = rows
    control.purge(purged)
    control.trash(trashed)
    control.append(edited, "nach der Sicherung")
    control.advance(300)
    sync(documents)
    put_back()
    documents.state = {}
    sync(documents)
    document_truth.compare(documents)
    gone = "select is_deleted or _sdc_deleted_at is not null from raw_craft.documents where id = %s"
    assert documents.value(gone, purged)
    assert documents.value(gone, trashed)
