"""What triggers keep current: the one list of it that apply, check and rebuild share.

Whoever adds a derived table adds it here, and the function that computes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from psycopg import sql

if TYPE_CHECKING:
    import psycopg

STEPS: Final = (
    "refresh_location_paths",
    "refresh_moved_entries",
    "refresh_unlisted_labels",
    "refresh_project_names",
    "refresh_labels",
    "parse_labels",
    "refresh_people",
    "refresh_change_fields",
)
"""Functions of the schema planwerk, called without arguments, in the order of what needs what."""


class DerivedTable(NamedTuple):
    """A table of the schema planwerk that STEPS can compute from other tables.

    Attributes:
        name: Without the schema.
        key: SQL expressions that say which row it is, whatever ids were given out.
        value: SQL expressions of what is computed for it.
        empty: Statement that takes away what is computed. Ids that people or their words refer to
            stay.
    """

    name: str
    key: tuple[str, ...]
    value: tuple[str, ...]
    empty: str


DERIVED_TABLES: Final = (
    DerivedTable(
        "label_cost_group",
        ("label_source", "label_id", "code"),
        ("rule_id",),
        "delete from planwerk.label_cost_group",
    ),
    DerivedTable(
        "label_location",
        ("label_source", "label_id", "location_id"),
        ("rule_id",),
        "delete from planwerk.label_location",
    ),
    DerivedTable(
        "label_task_type",
        ("label_source", "label_id", "task_type_id"),
        ("rule_id",),
        "delete from planwerk.label_task_type",
    ),
    DerivedTable(
        "label_project",
        ("label_source", "label_id"),
        ("project_id", "rule_id"),
        "delete from planwerk.label_project",
    ),
    DerivedTable(
        "label",
        ("source", "source_id"),
        ("name", "path", "is_deleted", "outcome", "reason", "project_keys"),
        "delete from planwerk.label",
    ),
    DerivedTable(
        "location",
        ("id",),
        ("path",),
        "update planwerk.location set path = '{}'",
    ),
    DerivedTable(
        "unlisted_label",
        ("id",),
        ("name", "parent_id", "name_with_parent_names", "seen_at"),
        "delete from planwerk.unlisted_label",
    ),
    DerivedTable(
        "project_name",
        ("project_id", "likeness"),
        ("key", "name"),
        "delete from planwerk.project_name",
    ),
    DerivedTable(
        "moved_entry",
        ("id",),
        ("conversation_id",),
        "delete from planwerk.moved_entry",
    ),
    DerivedTable(
        "person_identity",
        ("source", "kind", "source_id", "address"),
        (
            "name",
            "is_internal",
            "seen_at",
            "(select p.address from planwerk.person as p where p.id = t.person_id) as person",
        ),
        "delete from planwerk.person_identity",
    ),
    DerivedTable(
        "person",
        ("address",),
        ("name", "is_internal"),
        "update planwerk.person set name = null, is_internal = false",
    ),
)
"""Those that refer to others first, so that they can be emptied in this order."""


def compute(connection: psycopg.Connection[Any]) -> None:
    """Run all STEPS; each writes only rows that differ."""
    for step in STEPS:
        connection.execute(sql.SQL("select planwerk.{}()").format(sql.Identifier(step)))
