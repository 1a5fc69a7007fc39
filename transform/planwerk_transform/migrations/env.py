"""Alembic's entry point: run on the connection, and in the transaction, of the caller."""

# ruff: noqa: INP001  (a script, not part of a package)

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="schema_version",
    version_table_schema="planwerk",
)
with context.begin_transaction():
    context.run_migrations()
