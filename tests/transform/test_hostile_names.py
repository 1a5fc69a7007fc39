"""Names that read like SQL, formats or patterns are names, in every table and every trigger."""

from __future__ import annotations

import re
from typing import Any

from planwerk_transform.apply import PACKAGE
from planwerk_transform.check import compare

HOSTILE = (
    "'; drop table planwerk.rule; --",
    "Robert'); delete from planwerk.label;",
    '"; truncate raw_teamwork.tasks; --',
    "$$; select pg_sleep(60); $$",
    "%s %I %L %1$s %",
    "{0} {name} {}",
    "\\'; \\x \\1 \\\\",
    "(Nord) [2] *+? .* ^$ |",
    "Kita_%",
    "null",
    "{a,b}",
    "(1,2)",
    "E'\\n' U&'\\0041'",
    "/* -- */",
    '{"a": "b"}',
)


def test_hostile_names_are_stored_compared_and_linked_as_plain_text(warehouse: Any) -> None:
    numbers = range(len(HOSTILE))
    rules = warehouse.value("select count(*) from planwerk.rule")
    names = dict(zip(numbers, HOSTILE, strict=True))
    warehouse.load_projects({1000 + number: name for number, name in names.items()})
    warehouse.load_tags(*HOSTILE, first_id=0)
    warehouse.load_labels(**{f"l{number}": name for number, name in names.items()})
    warehouse.load_folders(**{f"f{number}": name for number, name in names.items()})
    for number, name in names.items():
        warehouse.load("tasks", id=number, name=name, tag_ids=[number], project_id=1000 + number)
        person = {"address": f"p{number}@office.de", "name": name}
        warehouse.load("people", id=number, first_name=name, email=person["address"])
        warehouse.load_conversation(name, f"l{number}", subject=name)
        message = {"id": name, "conversation_id": name, "from_field": person, "subject": name}
        warehouse.load_missive("messages", message | {"body": name, "to_fields": [person]})
        warehouse.load_document(name, f"f{number}", title=name)
        warehouse.run(
            "insert into planwerk.assignment (item_kind, item_id, category, value, verdict, note)"
            " values ('conversation', %s, 'project', %s, 'include', %s)",
            [name, name, name],
        )
        warehouse.run(
            "insert into planwerk.rule (category, pattern, position, value, note)"
            " values ('project', %s, %s, %s, %s)",
            [f"^{re.escape(name)}$", number, name, name],
        )
    warehouse.run("update raw_teamwork.tasks set name = name || name, tag_ids = '{0}'")

    assert warehouse.rows("select message from planwerk.trigger_error") == []
    assert sorted(warehouse.rows("select name from planwerk.label where source = 'teamwork'")) == (
        sorted(HOSTILE)
    )
    linked = dict(warehouse.rows("select label_id, project_id from planwerk.label_project"))
    assert linked == {
        f"{letter}{number}": 1000 + number for number in numbers for letter in ("", "l", "f")
    }
    assert warehouse.value("select count(*) from planwerk.item") == 3 * len(HOSTILE)
    assert warehouse.value("select count(*) from planwerk.rule") == rules + len(HOSTILE)
    assert list(compare(warehouse.url, keep=False).as_lines()) == []


def test_dynamic_sql_names_only_what_the_catalogue_has() -> None:
    text = "".join(file.read_text("utf-8") for file in sorted(PACKAGE.glob("**/*.sql")))
    dynamic = re.findall(r"^\s*execute\b(?! function).*", text, re.MULTILINE)
    assert len(dynamic) == text.count("execute format(") + text.count("execute (\n")
    assert all(re.search(r"%I|%s (?:to|from)|execute \($", line) for line in dynamic), dynamic
