"""Views of conversations, mail, comments and files: names, merges, and what is deleted."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest


def test_a_conversation_has_names_instead_of_ids(warehouse: Any) -> None:
    warehouse.load_labels(top="Projekte", kita=("2417 Kita, Neubau", "top"), kg="KG 410")
    warehouse.load_labels(place="O-Haus A-EG", kind="Nachtrag", gone="KG 420")
    warehouse.run("update raw_missive.shared_labels set _sdc_deleted_at = now() where id = 'gone'")
    warehouse.load_missive("teams", {"id": "t", "name": "Bauleitung"})
    warehouse.load_missive("users", {"id": "u", "name": "Jana Brandt"})
    users = [{"id": "u", "name": "J. B.", "closed": True}, {"id": "v", "name": "Ole, former"}]
    authors = [{"name": "Elektro Huber", "address": "h@x.example"}, {"phone_number": "+49 1"}]
    warehouse.load_conversation(
        *("c", "kita", "kg", "place", "kind", "gone"),
        _sdc_extracted_at="2020-01-01T00:00:00Z",
        latest_message_subject="AW: Ventil",
        team_id="t",
        organization_id="o",
        organization={"id": "o", "name": "Büro"},
        assignee_ids=["v", "u", "?"],
        users=users,
        authors=authors,
        messages_count=2,
    )
    warehouse.load_missive(
        "messages",
        {"id": "1", "conversation_id": "c", "delivered_at": "2026-03-01T00:00:00Z"},
        {"id": "2", "conversation_id": "c", "delivered_at": "2026-03-02T00:00:00Z"},
    )
    assert warehouse.rows(
        "select title, status, team_name, organization_name, labels, label_paths, assignees,"
        " people, members, cost_group_codes::int[], location_paths, task_type, messages_count,"
        " last_message_at - first_message_at = '1 day', is_deleted from planwerk.conversation"
    ) == [
        (
            "AW: Ventil",
            "open",
            "Bauleitung",
            "Büro",
            ["2417 Kita, Neubau", "KG 410", "Nachtrag", "O-Haus A-EG"],
            ["KG 410", "Nachtrag", "O-Haus A-EG", "Projekte / 2417 Kita, Neubau"],
            ["?", "Jana Brandt", "Ole, former"],
            ["+49 1", "Elektro Huber"],
            ["J. B.", "Ole, former"],
            [410],
            ["Haus A / EG"],
            "Nachtrag",
            2,
            True,
            False,
        )
    ]


@pytest.mark.parametrize(
    ("columns", "title"),
    [
        ({"subject": "Kita", "latest_message_subject": "AW: Ventil"}, "Kita"),
        ({"subject": " ", "latest_message_subject": "AW: Ventil"}, "AW: Ventil"),
        ({"authors": [{"name": None, "address": "h@x.example"}]}, "h@x.example"),
        ({"authors": []}, "(no subject)"),
        ({}, "(no subject)"),
    ],
)
def test_every_conversation_has_a_title(
    warehouse: Any, columns: dict[str, Any], title: str
) -> None:
    warehouse.load_conversation("c", **columns)
    assert warehouse.rows("select title from planwerk.item") == [title]


@pytest.mark.parametrize(
    ("columns", "status", "is_deleted"),
    [
        ({}, "open", False),
        ({"users": []}, "open", False),
        ({"users": [{"closed": True}, {}]}, "open", False),
        ({"users": [{"closed": True}, {"closed": True}]}, "closed", False),
        ({"is_trashed": True}, "trashed", True),
        ({"is_trashed": None}, "open", False),
        ({"is_junked": True}, "spam", True),
        ({"is_deleted": True}, "deleted", True),
        ({"merged_into_id": "d"}, "merged", True),
    ],
)
def test_what_is_gone_for_everybody_is_deleted_with_all_that_is_in_it(
    warehouse: Any, columns: dict[str, Any], status: str, *, is_deleted: bool
) -> None:
    warehouse.load_labels(l="KG 410", p="O-Haus A", x="x")
    warehouse.load_conversation("c", "l", "p", "x", **columns)
    warehouse.load_missive("messages", {"id": "m", "conversation_id": "c", "attachments": [{}]})
    warehouse.load_missive("comments", {"id": "n", "conversation_id": "c", "attachment": {}})
    assert warehouse.rows("select status from planwerk.item") == [status]
    for view in ("item", "conversation", "item_label", "item_cost_group", "item_location"):
        assert warehouse.value(f"select bool_and(is_deleted) from planwerk.{view}") is is_deleted
    if status != "merged":
        for view in ("email", "attachment", "conversation_comment"):
            assert (
                warehouse.value(f"select bool_and(is_deleted) from planwerk.{view}") is is_deleted
            )
    unmatched = warehouse.rows("select source, name, use_count from planwerk.unmatched_label")
    assert unmatched == ([] if is_deleted else [("missive", "x", 1)])


def test_a_mail_has_its_people_its_files_and_the_categories_of_its_conversation(
    warehouse: Any,
) -> None:
    warehouse.load_labels(l="KG 410/420")
    warehouse.load_conversation("c", "l", subject="Kita")
    warehouse.load_missive(
        "messages",
        {
            "id": "m",
            "conversation_id": "c",
            "type": "email",
            "subject": "AW: Ventil",
            "body": "<p>Guten Tag</p>",
            "body_text": "Guten Tag",
            "from_field": {"name": "Huber", "address": "Angebot@Huber.example"},
            "to_fields": [{"address": "j@x.example", "name": "Jana"}, {"address": "a@x.example"}],
            "cc_fields": [],
            "attachments": [{"id": "1"}, {"id": "2"}],
        },
    )
    assert warehouse.rows(
        "select conversation_title, subject, from_name, from_address, to_addresses, cc_addresses,"
        " bcc_addresses, body_text, body_html, attachment_count, labels, cost_group_codes::int[]"
        " from planwerk.email"
    ) == [
        (
            *("Kita", "AW: Ventil", "Huber", "Angebot@Huber.example"),
            *(["j@x.example", "a@x.example"], [], None, "Guten Tag", "<p>Guten Tag</p>", 2),
            *(["KG 410/420"], [410, 420]),
        )
    ]


def test_a_text_message_and_one_without_its_conversation_are_there_too(warehouse: Any) -> None:
    sender = {"id": "+49 1", "name": "Ole", "username": "+49 170"}
    warehouse.load_missive(
        "messages",
        {"id": "m", "conversation_id": "?", "type": "sms", "body": "Hi", "from_field": sender},
        {"id": "n"},
    )
    assert warehouse.rows(
        "select id, conversation_id, from_address, attachment_count, labels, is_deleted"
        " from planwerk.email order by id"
    ) == [("m", "?", "+49 170", 0, None, False), ("n", None, None, 0, None, False)]


MERGED = [
    ("conversations", {"id": "a", "is_deleted": False, "merged_into_id": "b"}),
    ("conversations", {"id": "b", "is_deleted": False, "merged_into_id": "c"}),
    ("messages", {"id": "m", "conversation_id": "a", "attachments": [{"filename": "x.pdf"}]}),
    ("comments", {"id": "n", "conversation_id": "b", "attachment": {"filename": "y.pdf"}}),
]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_what_was_in_a_merged_conversation_is_in_the_survivor_whatever_came_first(
    warehouse: Any, order: tuple[int, ...]
) -> None:
    warehouse.load_labels(l="KG 410")
    warehouse.load_conversation("c", "l", subject="Kita")
    for step in order:
        warehouse.load_missive(*MERGED[step])
    assert warehouse.rows(
        "select conversation_id, conversation_title, cost_group_codes::int[] from planwerk.email"
    ) == [("c", "Kita", [410])]
    assert warehouse.rows("select conversation_id from planwerk.conversation_comment") == ["c"]
    assert warehouse.rows("select email_id, code::int from planwerk.email_cost_group") == [
        ("m", 410)
    ]
    assert warehouse.rows("select email_id, label_path from planwerk.email_label") == [
        ("m", "KG 410")
    ]
    assert warehouse.rows(
        "select filename, conversation_id from planwerk.attachment order by 1"
    ) == [("x.pdf", "c"), ("y.pdf", "c")]


def test_a_message_that_moves_on_by_itself_is_where_it_says(warehouse: Any) -> None:
    place = "select conversation_id from planwerk.email"
    warehouse.load_missive("messages", {"id": "m", "conversation_id": "a"})
    warehouse.load_missive("conversations", MERGED[0][1])
    assert warehouse.rows(place) == ["b"]
    warehouse.load_missive("messages", {"id": "m", "conversation_id": "b"})
    assert warehouse.rows(place) == ["b"]
    warehouse.load_missive("messages", {"id": "m", "conversation_id": "e"})
    assert warehouse.rows(place) == ["e"]


def test_a_conversation_that_comes_back_from_a_merge_has_its_messages_again(
    warehouse: Any,
) -> None:
    warehouse.load_missive("messages", {"id": "m", "conversation_id": "a"})
    warehouse.load_missive("conversations", MERGED[0][1])
    warehouse.load_conversation("a")
    assert warehouse.rows("select conversation_id from planwerk.email") == ["a"]


def test_conversations_merged_in_a_circle_keep_their_messages(warehouse: Any) -> None:
    warehouse.load_missive(
        "conversations", MERGED[0][1], {"id": "b", "is_deleted": False, "merged_into_id": "a"}
    )
    warehouse.load_missive("messages", {"id": "m", "conversation_id": "a"})
    assert warehouse.rows("select conversation_id from planwerk.email") == ["a"]


def test_a_file_is_one_row_whatever_it_lacks(warehouse: Any) -> None:
    files = [
        {
            "id": "1",
            "filename": "Plan Süd.PDF",
            "media_type": "application",
            "sub_type": "PDF",
            "size": 5_000_000_000,
            "width": None,
            "url": "https://x.example/1",
        },
        {"id": "2", "extension": "png", "media_type": "image", "sub_type": "png", "width": 640},
        {"id": "3", "size": "big"},
        "nonsense",
    ]
    warehouse.load_missive("messages", {"id": "m", "conversation_id": "c", "attachments": files})
    warehouse.load_missive("messages", {"id": "n", "attachments": {"no": "array"}})
    warehouse.load_missive("comments", {"id": "k", "conversation_id": "c", "attachment": files[1]})
    assert warehouse.rows(
        "select carrier, message_id, comment_id, filename, extension, media_type,"
        " size_bytes::bigint, width::int from planwerk.attachment order by carrier desc, id"
    ) == [
        ("message", "m", None, "Plan Süd.PDF", "pdf", "application/pdf", 5_000_000_000, None),
        ("message", "m", None, "attachment.png", "png", "image/png", None, 640),
        ("message", "m", None, "attachment", None, None, None, None),
        ("comment", None, "k", "attachment.png", "png", "image/png", None, 640),
    ]


def test_a_comment_has_its_author_and_the_task_that_it_is(warehouse: Any) -> None:
    warehouse.load_missive("users", {"id": "u", "name": "Jana"})
    warehouse.load_conversation("c", subject="Kita")
    task = {
        "description": "Nachtrag prüfen",
        "state": "todo",
        "due_at": 1772809200,
        "closed_at": 1e300,
        "assignees": [{"id": "u", "name": "Jana"}, {"id": "v", "email": "o@x.example"}],
        "team": {"name": "Bauleitung"},
    }
    warehouse.load_missive(
        "comments",
        {"id": "1", "conversation_id": "c", "author": {"id": "v", "name": "Ole"}, "task": task},
        {"id": "2", "conversation_id": "c", "author": {"id": "u"}, "body": "Ja"},
        {"id": "3", "conversation_id": "c"},
    )
    assert warehouse.rows(
        "select conversation_title, author_name, body, is_task, task_description, task_state,"
        " task_due_at = '2026-03-06 15:00Z', task_closed_at, task_assignees, task_team_name"
        " from planwerk.conversation_comment order by id"
    ) == [
        (
            *("Kita", "Ole", None, True, "Nachtrag prüfen", "todo", True, None),
            *(["Jana", "o@x.example"], "Bauleitung"),
        ),
        ("Kita", "Jana", "Ja", False, None, None, None, None, [], None),
        ("Kita", None, None, False, None, None, None, None, [], None),
    ]


def test_mails_are_found_through_indexes(warehouse: Any) -> None:
    warehouse.load_labels(**{f"l{n}": f"KG {410 + n % 4}" for n in range(40)})
    warehouse.run(
        "insert into raw_missive.conversations (id, shared_label_ids, last_activity_at)"
        " select 'c' || n, array['l' || n % 40], now() from generate_series(1, 10000) as n"
    )
    warehouse.run(
        "insert into raw_missive.messages (id, conversation_id, delivered_at, preview)"
        " select 'm' || n, 'c' || n % 10000, now() - n * interval '1 s', repeat('x', 300)"
        " from generate_series(1, 40000) as n"
    )
    warehouse.load_missive("conversations", *(
        {"id": f"c{n}", "is_deleted": False, "merged_into_id": "c1"} for n in range(5, 10)
    ))  # fmt: skip
    warehouse.run("analyze")
    for query in (
        "select * from planwerk.email where conversation_id = 'c77'",
        "select * from planwerk.email order by delivered_at desc limit 50",
        "select * from planwerk.attachment where conversation_id = 'c77'",
        "select * from planwerk.email_label where label_id = 'l7' order by delivered_at limit 50",
        "select * from planwerk.email_cost_group where code = 412 order by delivered_at limit 50",
    ):
        plan = "\n".join(warehouse.rows(f"explain {query}"))
        assert "Seq Scan on messages" not in plan, plan
        assert "Seq Scan on conversations" not in plan, plan
