"""Check tells what differs from a fresh computation, and rebuild repairs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from planwerk_transform.check import MOST_SHOWN, compare, compute_afresh
from planwerk_transform.command import main
from planwerk_transform.derived import DERIVED_TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

DAMAGES = {
    "label": "update planwerk.label set outcome = 'ignored', reason = null where name = 'dringend'",
    "label_cost_group": "delete from planwerk.label_cost_group",
    "label_location": "delete from planwerk.label_location",
    "label_task_type": "update planwerk.label_task_type set rule_id = 1",
    "label_project": (
        "insert into planwerk.label_project"
        " select source, source_id, 11, 1 from planwerk.label where name = 'dringend'"
    ),
    "location": "update planwerk.location set path = '{x}'",
    "unlisted_label": "insert into planwerk.unlisted_label (id, name) values ('x', 'KG 410')",
    "project_name": "delete from planwerk.project_name",
    "moved_entry": "delete from planwerk.moved_entry",
    "person": "update planwerk.person set name = 'x'",
    "person_identity": "delete from planwerk.person_identity where kind = 'person'",
}
"""For every derived table a statement that makes it wrong."""


class Done(NamedTuple):
    """How a command ended."""

    code: Any
    stdout: str
    stderr: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run the command line in this process."""

    def run(*arguments: str) -> Done:
        monkeypatch.setattr("sys.argv", ["planwerk-transform", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(ended.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def loaded(warehouse: Any) -> Any:
    """A warehouse in which every derived table has rows."""
    warehouse.load("projects", id=11, name="2417 Kita")
    warehouse.load_tags("KG 410", "O-Haus A-EG", "Mangel", "dringend")
    warehouse.load("people", id=1, first_name="Anna", email="a@office.de")
    warehouse.load_labels(p="Projekte", k=("2417 Kita", "p"))
    warehouse.load_conversation("c", "k", "h", shared_labels=[{"id": "h", "name": "KG 420"}])
    warehouse.load_conversation("d", merged_into_id="c")
    for key, conversation in (("1", "c"), ("2", "d")):
        warehouse.load_missive(
            "messages",
            {"id": key, "conversation_id": conversation, "from_field": {"address": "b@other.de"}},
        )
    return warehouse


def derived_rows(warehouse: Any) -> list[Any]:
    """Return every derived row, with the transaction that wrote it."""
    return warehouse.rows(
        " union all ".join(
            f"select '{table.name}', xmin::text, {table.name}::text from planwerk.{table.name}"
            for table in DERIVED_TABLES
        )
    )


def test_what_differs_is_named_and_repaired_and_ids_stay(
    loaded: Any, run: Callable[..., Done]
) -> None:
    assert compare(loaded.url, keep=False).is_clean
    clean = derived_rows(loaded)
    assert {table for table, *_ in clean} == set(DAMAGES) == {t.name for t in DERIVED_TABLES}
    assert compare(loaded.url, keep=True).is_clean
    assert derived_rows(loaded) == clean

    for damage in DAMAGES.values():
        loaded.run(damage)
    loaded.run(
        "insert into planwerk.trigger_error (source, table_name, row_key, message)"
        " values ('teamwork', 'tags', '7', 'out of luck')"
    )
    damaged = derived_rows(loaded)
    done = run("check", "--database-url", loaded.url, "--format", "json")
    assert (done.code, done.stderr) == (1, "")
    found = json.loads(done.stdout)
    assert {each["table"] for each in found["differences"]} == set(DAMAGES)
    by_table = {each["table"]: each["shown"] for each in found["differences"]}
    assert by_table["unlisted_label"] == [
        {
            "key": {"id": "x"},
            "found": {"name": "KG 410", "parent_id": None, "seen_at": None,
                      "name_with_parent_names": None},
            "expected": None,
        }
    ]  # fmt: skip
    assert found["trigger_errors"]["count"] == 1
    assert derived_rows(loaded) == damaged

    done = run("check", "--database-url", loaded.url)
    assert done.code == 1
    lines = done.stdout.splitlines()
    assert "moved_entry: 1 row not as a fresh computation gives." in lines
    assert "  id “2”: is missing, should have conversation_id “c”" in lines
    assert "  address “a@office.de”: name is “x”, should be “Anna”" in lines
    assert any(line.endswith("teamwork tags 7: out of luck") for line in lines)

    done = run("rebuild", "--database-url", loaded.url)
    assert (done.code, done.stdout.splitlines()[-1]) == (0, "Rebuilt: all this is repaired.")
    assert sorted((table, row) for table, _, row in derived_rows(loaded)) == sorted(
        (table, row) for table, _, row in clean
    )
    assert run("check", "--database-url", loaded.url).code == 0
    assert run("rebuild", "--database-url", loaded.url).stdout.startswith("Nothing to do")


def test_all_differences_are_counted_and_the_first_shown(warehouse: Any) -> None:
    warehouse.load_tags(*(f"dringend {n}" for n in range(MOST_SHOWN + 5)))
    warehouse.run("update planwerk.label set reason = 'x'")
    (found,) = compare(warehouse.url, keep=False).differences
    assert (found.place, found.total, len(found.shown)) == ("label", MOST_SHOWN + 5, MOST_SHOWN)


def test_loads_go_on_during_a_check_but_for_what_it_compares(
    warehouse: Any, second_session: psycopg.Connection[Any]
) -> None:
    compute_afresh(second_session)
    warehouse.run("set statement_timeout = '300ms'")
    warehouse.load("tasks", id=1, tag_ids=[1])
    warehouse.load("timelogs", id=1)
    assert warehouse.rows("select id from planwerk.item") == ["1"]
    # It waits for the end; the time limit shows that, and costs no row.
    warehouse.load_tags("KG 410")
    (message,) = warehouse.rows("select message from planwerk.trigger_error")
    assert message.startswith("canceling statement due to statement timeout")
    second_session.rollback()
    assert warehouse.apply() is True
    assert warehouse.value("select code::int from planwerk.item_cost_group") == 410


@pytest.mark.parametrize(("command", "code"), [("check", 2), ("rebuild", 1), ("status", 1)])
def test_a_database_without_planwerk_is_no_difference(
    run: Callable[..., Done], empty_url: str, command: str, code: int
) -> None:
    done = run(command, "--database-url", empty_url)
    assert (done.code, done.stdout) == (code, "")
    assert "run planwerk-transform apply first" in done.stderr
    assert done.stderr.count("\n") == 1
