"""One value that no table can hold costs that value alone, and is recorded with its reason."""

import random

import document_truth
import mail_truth
import test_truth
from spoiled import raw, spoiled

SCALE = 0.02
DEEP = 3_000
NOT_FINITE = "is not finite"
NO_MOMENT = "is no moment between the years 1 and 9999"

WORK = {
    "tasks": [
        ({"progress": 2**63}, "progress", "is beyond 64-bit integers"),
        ({"estimateMinutes": raw("9" * 5_000)}, "estimate_minutes", "is no integer"),
        ({"displayOrder": raw("1e400")}, "display_order", NOT_FINITE),
        ({"displayOrder": True}, "display_order", "is no number"),
        ({"dateUpdated": "2026-03-09T24:61:00Z"}, "date_updated", NO_MOMENT),
        ({"completedAt": "0001-01-01T00:00:00+14:00"}, "completed_at", NO_MOMENT),
        ({"createdAt": 1_773_046_800}, "created_at", NO_MOMENT),
        ({"dueDate": "10000-01-01"}, "due_on", "is no day between the years 1 and 9999"),
        ({"updatedAt": "0000-00-00T00:00:00Z"}, "updated_at", NO_MOMENT),
        ({"isBlocked": "perhaps"}, "is_blocked", "is neither true nor false"),
        ({"name": {"de": "Ventil"}}, "name", "is no text"),
        ({"tagIds": [[1]]}, "tag_ids", "holds something that is no integer"),
        ({"tagIds": "90311"}, "tag_ids", "is no list"),
        ({"workflowStages": {"0": {}}}, "workflow_stages", "is no list"),
        ({"workflowStages": [{"a\0": 1, "a\ufffd": 2}]}, "workflow_stages", "has two members"),
        ({"workflowStages": [{"n": raw("NaN")}]}, "workflow_stages", "holds a number that is not"),
        (
            {"workflowStages": raw("[" * DEEP + "]" * DEEP)},
            "workflow_stages",
            "is nested more than 100 levels deep",
        ),
        ({"id": None}, None, "has no usable id"),
    ],
    "tags": [({"name": ["KG 410"]}, "name", "is no text"), ({"id": "x"}, None, "has no usable id")],
    "people": [({"lengthOfDay": raw("-Infinity")}, "length_of_day", NOT_FINITE)],
    "comments": [({"postedDateTime": "gestern"}, "posted_date_time", NO_MOMENT)],
}
MAIL = {
    "conversations": [
        ({"last_activity_at": raw("1e400")}, "last_activity_at", NO_MOMENT),
        ({"messages_count": raw("NaN")}, "messages_count", "is no integer"),
        ({"users": "alle"}, "users", "is no list"),
        ({"team": {"id": "t" * 5_000}}, "team_id", "has more than 600 characters"),
        ({"id": ""}, None, "has no usable id"),
    ],
    "messages": [
        ({"subject": {"text": "WG: Nachtrag"}}, "subject", "is no text"),
        ({"from_field": ["jana@buero.example"]}, "from_field", "is no object"),
        ({"references": [None, {"id": 1}]}, "references", "holds something that is no text"),
        ({"created_at": 10**17}, "created_at", NO_MOMENT),
    ],
    "shared_labels": [({"id": "l" * 5_000}, None, "has no usable id")],
    "contacts": [({"modified_at": "neulich"}, "modified_at", NO_MOMENT)],
}
BELOW_OTHERS = {"messages", "folders"}
"""Where a row without an id takes along what is below it."""
DOCUMENTS = {
    "documents": [
        ({"title": ["Protokoll"]}, "title", "is no text"),
        ({"createdAt": "0000-01-01T00:00:00Z"}, "created_at", NO_MOMENT),
        ({"id": {}}, None, "has no usable id"),
    ],
    "folders": [({"id": None}, None, "has no usable id")],
    "tasks": [({"taskInfo": {"state": "todo", "scheduleDate": 5}}, "schedule_date", "is no day")],
    "collections": [({"itemCount": 2**70}, "item_count", "is beyond 64-bit integers")],
}


class Spoiler:
    """Gives the rows of some lists values that no table can hold, always the same row the same."""

    def __init__(self, values):
        self.left = {stream: list(spoils) for stream, spoils in values.items()}
        self.given = {}
        self.expected = set()
        self.is_active = True

    def __call__(self, path, content):
        for envelope, rows in content.items() if self.is_active else ():
            stream = path.split("?")[0].rpartition("/")[2].removesuffix(".json")
            stream = envelope if envelope in self.left else stream
            if stream in self.left and isinstance(rows, list):
                for row in rows:
                    self.spoil(stream, row)

    def spoil(self, stream, row):
        place = (stream, str(row["id"]))
        # Every other one of a stream: those between have to arrive as they are.
        if place not in self.given:
            number = sum(1 for known, _ in self.given if known == stream)
            is_due = number % 2 == 1 and self.left[stream]
            self.given[place] = self.left[stream].pop(0) if is_due else None
        if self.given[place]:
            values, column, reason = self.given[place]
            row.update(values)
            self.expected.add((stream, None if column is None else place[1], column, reason))


def is_recorded(pipeline, expected):
    """Compare what is recorded with what is expected; reasons by their beginning."""
    found = pipeline.rows(
        "select stream, row_id, column_name, reason, value from planwerk.rejected_row"
        " where source = %s order by 1, 2, 3",
        pipeline.source,
    )
    for stream, row_id, column, reason, value in found:
        assert len(value) <= 2_000, column
        match = [
            entry
            for entry in expected
            if entry[:3] == (stream, row_id, column) and reason.startswith(entry[3])
        ]
        assert match, (stream, row_id, column, reason, value[:200])
    assert len(found) == len(expected)
    return True


def check(pipeline, sandbox, setting, values, compare):
    """Load spoiled rows twice, then what they really are; see what is recorded meanwhile."""
    spoiler = Spoiler(values)
    with spoiled(sandbox.url, spoiler) as url:
        pipeline.account[setting] = pipeline.account[setting].replace(sandbox.url, url)
        assert pipeline.sync(), pipeline.log
        assert not any(spoiler.left.values()), "too few rows for all that is to be tried"
        rejected = spoiler.expected
        assert is_recorded(pipeline, rejected)
        assert pipeline.value("select count(*) from planwerk.trigger_error") == 0
        for stream in values.keys() - BELOW_OTHERS:
            held = pipeline.value(f"select count(*) from raw_{pipeline.source}.{stream}")
            lost = sum(1 for entry in rejected if entry[0] == stream and entry[2] is None)
            assert held == len(pipeline.control.truth(stream, reachable=True)) - lost, stream

        assert pipeline.sync(), pipeline.log
        assert is_recorded(pipeline, rejected)

        spoiler.is_active = False
        pipeline.state = {}
        assert pipeline.sync(), pipeline.log
        compare(pipeline)
    # What has become right stays in the list until somebody strikes it off.
    assert is_recorded(pipeline, rejected)
    pipeline.connection.execute("set role planwerk_editor")
    pipeline.connection.execute("delete from planwerk.rejected_row")
    pipeline.connection.execute("reset role")
    assert is_recorded(pipeline, set())


def test_of_teamwork(pipeline, sandbox):
    control, noise = pipeline.control, random.Random(1)
    endless = "".join(chr(noise.randrange(0x4E00, 0x9FFF)) for _ in range(10_000))
    tags = [
        control.create("tags", name=name)["id"]
        for name in (f"O-Haus {endless}", f"KG 410 {endless}")
    ]
    task = control.truth("tasks", reachable=True)[-1]["id"]
    control.tag("tasks", task, tag_ids=tags)
    control.edit("tasks", task, description=endless * 100)
    check(pipeline, sandbox, "base_url", WORK, test_truth.compare)
    codes = "select code from planwerk.item_cost_group where item_id = %s and label_id = %s"
    assert pipeline.rows(codes, str(task), str(tags[1])) == [410]


def test_of_missive(mail, sandbox):
    check(mail, sandbox, "api_url", MAIL, mail_truth.compare)


def test_of_craft(documents, sandbox):
    check(documents, sandbox, "api_url", DOCUMENTS, document_truth.compare)
