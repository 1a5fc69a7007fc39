"""The rule that would settle an unmatched label, as SQL to copy.

Names of labels are text that anybody may have typed: into a pattern they go with every sign that
means something there taken literally, and into SQL through psycopg's quoting.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from psycopg import sql

from planwerk_report.reasons import Kind, understand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planwerk_report.known import Known

_POSITION: Final = 5
"""Before all default rules, the first of which has position 10."""
_READABLE_NAME: Final = 1000
"""So many characters of a name do rules read."""
_LONGEST_TASK_TYPE: Final = 40


class Suggestion(NamedTuple):
    """What a label may be, and the SQL that says so."""

    german: str
    english: str
    sql: str


def suggest(name: str, reason: str, known: Known) -> list[Suggestion]:
    """Return the likeliest rule first; none for a label without a name, which only a name helps.

    Args:
        name: The label's name as `planwerk.tidy` gives it.
        reason: Its `reason` in `planwerk.unmatched_label`.
        known: What rules may name.
    """
    kind, _, found = understand(reason)
    if kind is Kind.NO_NAME:
        return []
    if len(name) > _READABLE_NAME:
        return [_ignore(name)]
    if kind is Kind.SEVERAL_PROJECTS:
        ids = [int(number) for number in re.findall(r"” \(([0-9]+)\)", found[0] or "")]
        suggestions = [_project(name, each, known) for each in ids if each in known.projects]
    elif kind is Kind.BROKEN_RULE:
        suggestions = list(_repaired_rule(int(found[0] or 0), found[1] or "", known))
    elif kind is Kind.NOTHING_KNOWN:
        return list(_by_words(name, known))
    else:
        code = re.search(r"[1-9][0-9]{2}", found[0] if found and found[0] else name)
        codes = _codes(kind, int(code[0]), known) if code else []
        suggestions = [_cost_group(name, each, known) for each in codes]
        if kind is Kind.MAYBE_CODE:
            return [_ignore(name), *suggestions]
    return [*suggestions, _ignore(name)]


def _codes(kind: Kind, code: int, known: Known) -> list[int]:
    of_2008 = known.cost_group_instead_of(code)
    of_2018 = code if code in known.cost_groups else None
    if kind is Kind.WRONG_CODE:
        codes = [of_2008]
    elif kind is Kind.EITHER_EDITION:
        codes = [of_2018, of_2008]
    else:
        codes = [of_2018]
    return [each for each in dict.fromkeys(codes) if each]


def _by_words(name: str, known: Known) -> Iterator[Suggestion]:
    task_types = known.task_types_called(name)
    yield from (_project(name, project, known) for project in known.projects_called(name))
    yield from (_task_type(name, task_type) for task_type in task_types)
    yield _ignore(name)
    # in doubt none: a word alone seldom means a cost group
    yield from (_cost_group(name, code, known) for code in known.cost_groups_called(name))
    if not task_types and re.fullmatch(r"[^\W\d]+(?: [^\W\d]+)*", name):
        yield from _new_task_type(name)


def _cost_group(name: str, code: int, known: Known) -> Suggestion:
    group = known.cost_groups[code]
    return Suggestion(
        f"Kostengruppe {code} {group.name_de}",
        f"Cost group {code} {group.name_en}",
        # read from the path, for of the name only what task types and places leave over is read
        _rule(
            category="cost_group",
            reads="path",
            pattern=f"(?:^| / ){_literal(name)}$",
            value=str(code),
        ),
    )


def _project(name: str, project: int, known: Known) -> Suggestion:
    return Suggestion(
        f"Projekt {known.projects[project]}",
        f"Project {known.projects[project]}",
        _rule(category="project", pattern=f"^{_literal(name)}$", value=str(project)),
    )


def _task_type(name: str, task_type: str) -> Suggestion:
    return Suggestion(
        f"Art der Aufgabe: {task_type}",
        f"Task type: {task_type}",
        _rule(category="task_type", pattern=f"^{_literal(name)}$", value=task_type),
    )


def _new_task_type(name: str) -> Iterator[Suggestion]:
    if len(name) > _LONGEST_TASK_TYPE:
        return
    new = sql.SQL("insert into planwerk.task_type (name) values ({}) on conflict do nothing;\n")
    suggestion = _task_type(name, name)
    yield Suggestion(
        f"Neue Art von Aufgaben: {name}",
        f"New task type: {name}",
        new.format(sql.Literal(name)).as_string(None) + suggestion.sql,
    )


def _ignore(name: str) -> Suggestion:
    # beyond what rules read there is no end to match
    pattern = f"^{_literal(name)}$" if len(name) <= _READABLE_NAME else f"^{_literal(name[:200])}"
    return Suggestion(
        "Keine Kategorie: nicht mehr melden",
        "Not a category: stop reporting it",
        _rule(category="ignore", pattern=pattern),
    )


def _repaired_rule(rule: int, value: str, known: Known) -> Iterator[Suggestion]:
    for project in known.projects_called(value):
        repair = sql.SQL("update planwerk.rule set value = {} where id = {};")
        yield Suggestion(
            f"Projekt {known.projects[project]}",
            f"Project {known.projects[project]}",
            repair.format(sql.Literal(str(project)), sql.Literal(rule)).as_string(None),
        )


def _rule(**columns: Any) -> str:  # noqa: ANN401
    columns["position"] = _POSITION
    insert = sql.SQL("insert into planwerk.rule ({})\nvalues ({});")
    return insert.format(
        sql.SQL(", ").join(map(sql.SQL, columns)),
        sql.SQL(", ").join(map(sql.Literal, columns.values())),
    ).as_string(None)


def _literal(name: str) -> str:
    """Return the PostgreSQL regular expression that matches a name and nothing else.

    Brackets where they do, for unlike backslashes they stay readable in SQL. Invisible characters,
    which could make SQL look like what it is not, are written by their numbers.
    """
    return "".join(_literal_character(character) for character in name)


def _literal_character(character: str) -> str:
    if character in r"\[]^":
        return f"\\{character}"
    if character in ".*+?(){}|$":
        return f"[{character}]"
    if not character.isprintable():
        return f"\\U{ord(character):08x}"
    return character
