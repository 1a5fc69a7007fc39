"""Answers about collections, kept on disk as long as their document stays as it was.

Columns and rows of a collection have no moment of their own, and what is missing in a full table
looks deleted: so all of them are sent when one of them changed. Only those of the changed document
need to be asked for again. The file is a help, no record: without it all are asked for.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tap_kit.columns import Row

_LOGGER = logging.getLogger(__name__)


class KeptAnswers:
    """The answers of one link.

    Args:
        path: The file, which only this user may read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, asked: str, version: str) -> Row | None:
        """Return the answer, if it was kept as of that version of the document."""
        query = "select body from answer where asked = ? and version = ?"
        for (body,) in self._do(query, asked, version):
            kept: Row = json.loads(body)
            return kept
        return None

    def put(self, asked: str, version: str, body: Row) -> None:
        """Keep an answer instead of the one of an older version."""
        self._do("insert or replace into answer values (?, ?, ?)", asked, version, json.dumps(body))

    def keep_only(self, like: str, asked: Iterable[str]) -> None:
        """Forget answers that are like a pattern and not among those given."""
        self._do(
            "delete from answer where asked like ?"
            " and asked not in (select value from json_each(?))",
            like,
            json.dumps(list(asked)),
        )

    def _do(self, statement: str, *values: str) -> list[tuple[str, ...]]:
        if self._connection is None:
            return []
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self._connection = None
            self._warn(error)
            return []

    @cached_property
    def _connection(self) -> sqlite3.Connection | None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            connection = sqlite3.connect(self._path, isolation_level=None)
            connection.execute(
                "create table if not exists answer"
                " (asked text primary key, version text not null, body text not null)"
            )
        except (OSError, sqlite3.Error) as error:
            self._warn(error)
            return None
        return connection

    def _warn(self, error: Exception) -> None:
        _LOGGER.warning(
            "%s cannot be used (%s), so all collections are asked for. A damaged file may be "
            "deleted.",
            self._path,
            error,
        )
