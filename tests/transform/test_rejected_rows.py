"""What could not be loaded: listed for all sources, for every reader but for what mails say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from planwerk_transform.command import app
from typer.testing import CliRunner

if TYPE_CHECKING:
    from pathlib import Path


def test_readers_see_what_was_rejected_and_editors_strike_it_off(
    warehouse: Any, tmp_path: Path
) -> None:
    columns = "insert into raw_{} (id, stream, row_id, column_name, reason, value) values {}"
    for source, values in {
        "teamwork.rejected_rows": "('a', 'tasks', '1', 'progress', 'is no integer', '\"x\"')",
        "missive.rejected_rows": (
            "('a', 'messages', '1', 'body', 'is no text', '\"secret\"'),"
            " ('b', 'messages', null, null, 'has no usable id', '\"secret\"'),"
            " ('c', 'messages', '1', 'subject', 'is no text', '5')"
        ),
        "craft.rejected_rows": "('a', 'folders', null, null, 'has no usable id', '{}')",
    }.items():
        warehouse.run(columns.format(source, values))
    arguments = ["status", "--database-url", warehouse.url, "--state-folder", str(tmp_path)]
    said = CliRunner().invoke(app, arguments).stdout
    assert "Values that could not be loaded: 5 (planwerk.rejected_row lists them" in said

    warehouse.run("set role planwerk_reader")
    seen = "select source, id, value from planwerk.rejected_row order by 1, 2"
    assert warehouse.rows(seen) == [
        ("craft", "a", "{}"),
        ("missive", "a", None),
        ("missive", "b", None),
        ("missive", "c", "5"),
        ("teamwork", "a", '"x"'),
    ]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        warehouse.run("delete from planwerk.rejected_row")
    warehouse.run("reset role")

    warehouse.run("set role planwerk_editor")
    warehouse.run("delete from planwerk.rejected_row where id = 'a' and source <> 'craft'")
    left = [("craft", "a"), ("missive", "b"), ("missive", "c")]
    assert warehouse.rows("select source, id from planwerk.rejected_row order by 1, 2") == left
    warehouse.run("reset role")
