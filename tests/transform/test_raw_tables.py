"""Raw tables: as the loader wants them, and without a write that changes nothing."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict

GENERATOR = Path(__file__).parents[2] / "transform" / "generate_raw_tables.py"
BOOKKEEPING = (
    "_sdc_extracted_at = now(), _sdc_received_at = now(), _sdc_batched_at = now(),"
    " _sdc_sequence = 2, _sdc_sync_started_at = 2"
)


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("generate_raw_tables", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def places(warehouse: Any) -> list[Any]:
    return warehouse.rows("select id, ctid::text, xmin::text from raw_teamwork.tasks order by id")


def test_an_update_that_changes_only_bookkeeping_is_dropped(warehouse: Any) -> None:
    warehouse.load("tasks", id=1, name="a", tag_ids=[1], custom_field_values='[{"id": 1}]')
    before = places(warehouse)
    warehouse.run(f"update raw_teamwork.tasks set name = 'a', tag_ids = '{{1}}', {BOOKKEEPING}")
    assert places(warehouse) == before


@pytest.mark.parametrize(
    "change",
    [
        "name = 'b'",
        "name = null",
        "tag_ids = '{1,2}'",
        "tag_ids = null",
        "custom_field_values = '[]'",
        "_sdc_deleted_at = now()",
    ],
)
def test_an_update_that_changes_anything_else_is_written(warehouse: Any, change: str) -> None:
    warehouse.load("tasks", id=1, name="a", tag_ids=[1], custom_field_values='[{"id": 1}]')
    before = places(warehouse)
    warehouse.run(f"update raw_teamwork.tasks set {change}, {BOOKKEEPING}")
    assert places(warehouse) != before
    assert warehouse.value("select _sdc_sequence from raw_teamwork.tasks") == 2


DAY = 86_400_000


@pytest.mark.parametrize(
    ("version", "day", "name", "kept_version"),
    [
        pytest.param(1, 9, "stored", 100, id="an older answer of an older run is dropped"),
        pytest.param(1, 11, "came", 100, id="a newer answer of an older run is taken"),
        pytest.param(101, 9, "came", 101, id="a newer run may set the last change back"),
        pytest.param(100 - DAY - 1, 9, "came", 100 - DAY - 1, id="a wrong clock does not last"),
    ],
)
def test_of_two_runs_at_once_the_newer_answer_stays(
    warehouse: Any, version: int, day: int, name: str, kept_version: int
) -> None:
    moment = "2026-03-10T00:00:00Z"
    warehouse.load("tasks", id=1, name="stored", updated_at=moment, _sdc_table_version=100)
    warehouse.run(
        f"update raw_teamwork.tasks set name = 'came', updated_at = '2026-03-{day}T00:00:00Z',"
        f" _sdc_table_version = {version}"
    )
    assert warehouse.rows("select name, _sdc_table_version from raw_teamwork.tasks") == [
        (name, kept_version)
    ]


def test_of_two_listings_at_once_the_older_one_does_not_undo_the_version(warehouse: Any) -> None:
    warehouse.load("tags", id=1, name="a", _sdc_table_version=100)
    warehouse.run("update raw_teamwork.tags set name = 'b', _sdc_table_version = 99")
    found = "select name, _sdc_table_version from raw_teamwork.tags"
    assert warehouse.rows(found) == [("b", 100)]


def test_the_version_of_a_run_is_bookkeeping_where_only_changes_are_read(warehouse: Any) -> None:
    warehouse.load("tasks", id=1, name="a", _sdc_table_version=100)
    before = places(warehouse)
    warehouse.run(f"update raw_teamwork.tasks set _sdc_table_version = 101, {BOOKKEEPING}")
    assert places(warehouse) == before


def test_a_column_that_the_loader_adds_later_counts_as_a_change(warehouse: Any) -> None:
    warehouse.load("tasks", id=1, name="a")
    warehouse.run("update raw_teamwork.tasks set name = 'a'")
    warehouse.run("alter table raw_teamwork.tasks add column mood jsonb")
    before = places(warehouse)
    warehouse.run(f"""update raw_teamwork.tasks set mood = '"good"', {BOOKKEEPING}""")
    assert places(warehouse) != before
    before = places(warehouse)
    warehouse.run(f"""update raw_teamwork.tasks set mood = '"good"', {BOOKKEEPING}""")
    assert places(warehouse) == before


def test_every_raw_table_has_the_trigger(warehouse: Any) -> None:
    assert (
        warehouse.rows(
            r"""
            select c.relname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
            where n.nspname like 'raw\_%' and c.relkind = 'r' and not exists (
                select from pg_trigger as t
                where t.tgrelid = c.oid and t.tgname = 'drop_unchanged_update'
            )
            """
        )
        == []
    )


def test_no_raw_column_is_a_timestamp_without_a_zone(warehouse: Any) -> None:
    assert (
        warehouse.rows(
            "select table_name || '.' || column_name from information_schema.columns"
            r" where table_schema like 'raw\_%' and data_type = 'timestamp without time zone'"
        )
        == []
    )


@pytest.mark.parametrize(
    ("source", "config"),
    [
        ("teamwork", {"base_url": "https://x.example", "api_key": "x"}),
        ("missive", {"api_token": "x"}),
        ("craft", {"api_url": "https://connect.craft.do/links/x/api/v1"}),
    ],
)
def test_the_checked_in_tables_are_those_of_the_stream_schemas(
    source: str, config: dict[str, str]
) -> None:
    tap = pytest.importorskip(f"tap_{source}.tap")
    catalog = next(entry for name, entry in vars(tap).items() if name.lower() == f"tap{source}")(
        config=config
    ).catalog_dict
    file = GENERATOR.parent / "planwerk_transform" / "raw" / f"raw_{source}.sql"
    assert generator().raw_tables(source, catalog) == file.read_text("utf-8"), (
        f"run: tap-{source} --discover | python transform/generate_raw_tables.py {source}"
    )


SCHEMA = {
    "properties": {
        "id": {"type": ["integer"]},
        "name": {"type": ["string", "null"]},
        "start_on": {"type": ["string", "null"], "format": "date"},
        "updated_at": {"type": ["string", "null"], "format": "date-time"},
        "tag_ids": {"type": ["array", "null"], "items": {"type": ["integer"]}},
        "custom_field_values": {"type": ["array", "null"]},
        "progress": {"type": ["integer", "null"]},
        "display_order": {"type": ["number", "null"]},
        "is_blocked": {"type": ["boolean", "null"]},
    }
}


def run_loader(
    warehouse: Any, messages: list[dict[str, Any]], tmp_path: Path, schema: str = "raw_teamwork"
) -> str:
    """Feed messages to the real target-postgres, as Meltano does; return its log."""
    server = conninfo_to_dict(warehouse.url)
    config = tmp_path / "target.json"
    config.write_text(
        json.dumps(
            {
                "sqlalchemy_url": "postgresql+psycopg://{user}@/{dbname}?host={host}&port={port}".format(
                    **{"port": 5432, **server}
                ),
                "default_target_schema": schema,
                "use_copy": True,
                "add_record_metadata": True,
                "activate_version": True,
                "hard_delete": False,
            }
        )
    )
    done = subprocess.run(
        [Path(sys.executable).parent / "target-postgres", "--config", config],
        input="\n".join(map(json.dumps, messages)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


def stream(name: str, records: list[dict[str, Any]], version: int | None = None) -> list[Any]:
    extra = {"version": version} if version else {}
    messages: list[Any] = [
        {"type": "SCHEMA", "stream": name, "schema": SCHEMA, "key_properties": ["id"]}
    ]
    messages += [
        {
            "type": "RECORD",
            "stream": name,
            "record": record,
            "time_extracted": "2026-03-09T07:00:00Z",
            **extra,
        }
        for record in records
    ]
    if version:
        messages.append({"type": "ACTIVATE_VERSION", "stream": name, "version": version})
    return messages


def columns(warehouse: Any) -> list[Any]:
    return warehouse.rows(
        "select table_name, column_name, data_type from information_schema.columns"
        r" where table_schema like 'raw\_%' order by table_schema, 1, 2"
    )


def test_the_loader_takes_the_tables_as_they_are_and_rewrites_nothing(
    warehouse: Any, tmp_path: Path
) -> None:
    before = columns(warehouse)
    tasks = [
        {
            "id": n,
            "name": f"Task {n}",
            "start_on": "2026-03-09",
            "updated_at": "2026-03-09T07:00:00Z",
            "tag_ids": [1, 2],
            "custom_field_values": [{"id": 1, "value": "ä"}],
            "progress": 5,
            "display_order": 1.5,
            "is_blocked": False,
        }
        for n in range(1, 301)
    ]
    run_loader(warehouse, stream("tasks", tasks), tmp_path)
    assert columns(warehouse) == before
    assert warehouse.value("select count(*) from raw_teamwork.tasks") == 300
    assert warehouse.value(
        "select updated_at = '2026-03-09 07:00+00' and _sdc_extracted_at = '2026-03-09 07:00+00'"
        " from raw_teamwork.tasks where id = 1"
    )
    first = places(warehouse)
    # Rows in the order of their places, without a gap: the loader's second write left nothing dead.
    assert warehouse.value(
        "select max((ctid::text::point)[1]) from raw_teamwork.tasks where ctid::text like '(0,%'"
    ) == warehouse.value("select count(*) from raw_teamwork.tasks where ctid::text like '(0,%'")

    tasks[0]["name"] = "Renamed"
    run_loader(warehouse, stream("tasks", tasks), tmp_path)
    changed = set(places(warehouse)) - set(first)
    assert [row[0] for row in changed] == [1]


def test_the_loader_takes_missive_s_tables_as_they_are_and_erases_no_text(
    warehouse: Any, tmp_path: Path
) -> None:
    tap = pytest.importorskip("tap_missive.tap")
    schemas = {
        entry["tap_stream_id"]: entry["schema"]
        for entry in tap.TapMissive(config={"api_token": "x"}).catalog_dict["streams"]
    }
    before = columns(warehouse)

    def load(message: dict[str, Any], conversation: dict[str, Any]) -> None:
        messages, conversations = (
            stream("messages", [message]),
            stream("conversations", [conversation]),
        )
        messages[0]["schema"] = schemas["messages"]
        conversations[0]["schema"] = schemas["conversations"]
        run_loader(warehouse, messages + conversations, tmp_path, "raw_missive")

    recipients = [{"address": "j@x.example"}]
    load(
        {"id": "m", "body": "<p>ä</p>", "to_fields": recipients, "references": ["<1@x>"]},
        {"id": "c", "shared_label_ids": ["l"], "is_guest": False},
    )
    load(
        {"id": "m", "subject": "neu", "body": None, "to_fields": None},
        {"id": "c", "is_guest": True, "is_deleted": False},
    )
    assert warehouse.rows(
        'select subject, body, to_fields, cc_fields, "references" from raw_missive.messages'
    ) == [("neu", "<p>ä</p>", recipients, None, ["<1@x>"])]
    assert warehouse.rows("select shared_label_ids, is_guest from raw_missive.conversations") == [
        (["l"], True)
    ]
    assert columns(warehouse) == before


def test_where_only_the_version_moves_the_bookkeeping_tells_of_the_last_change(
    warehouse: Any, tmp_path: Path
) -> None:
    written = "select id, _sdc_table_version, _sdc_batched_at from raw_teamwork.tags order by id"
    tags = [{"id": 1, "name": "KG 410"}, {"id": 2, "name": "KG 420"}]
    run_loader(warehouse, stream("tags", tags, version=1), tmp_path)
    first = warehouse.rows(written)
    tags[1]["name"] = "KG 430"
    run_loader(warehouse, stream("tags", tags, version=2), tmp_path)
    second = warehouse.rows(written)
    assert [version for _, version, _ in second] == [2, 2]
    assert second[0][2] == first[0][2]
    assert second[1][2] > first[1][2]


def test_a_row_gone_from_a_full_listing_is_marked_and_unmarked_when_it_is_back(
    warehouse: Any, tmp_path: Path
) -> None:
    query = "select id from raw_teamwork.tags where _sdc_deleted_at is null order by id"
    both = [{"id": 1, "name": "KG 410"}, {"id": 2, "name": "KG 420"}]
    run_loader(warehouse, stream("tags", both, version=1), tmp_path)
    assert warehouse.rows(query) == [1, 2]
    run_loader(warehouse, stream("tags", both[:1], version=2), tmp_path)
    assert warehouse.rows(query) == [1]
    assert warehouse.rows("select source_id from planwerk.label where is_deleted") == ["2"]
    run_loader(warehouse, stream("tags", both, version=3), tmp_path)
    assert warehouse.rows(query) == [1, 2]
    assert warehouse.rows("select source_id from planwerk.label where is_deleted") == []
