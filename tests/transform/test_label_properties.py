"""Whatever stands in a label, reading it never fails and never loses the row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

# PostgreSQL's text holds every character but NUL; the loader replaces it.
TEXTS = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60
) | st.lists(
    st.sampled_from(
        ["KG", "KGR", " ", "410", "4xx", "/", "-", ",", "und", "bis", "O-", "Haus A", "EG",
         "1. OG", "0.12", "DIN 276", "Mangel", "Abwasser", "ä", "a\u0308", "ß", "İ", "🏗",
         "\\", "(", "[", "*", "'", '"', "%", "_", "\n", "\u00a0", "\u200b"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@pytest.fixture(scope="module")
def shared(
    make_warehouse: Callable[[], Any],
) -> Any:
    """One warehouse for all examples."""
    return make_warehouse()


@pytest.fixture(scope="module")
def nested(
    make_warehouse: Callable[[], Any],
) -> Any:
    """One warehouse for all examples with labels that nest."""
    return make_warehouse()


@settings(max_examples=150, deadline=None)
@given(names=st.lists(TEXTS, min_size=1, max_size=8))
def test_any_text_is_read_without_an_error_and_finds_its_namesake(
    shared: Any, names: list[str]
) -> None:
    shared.run("truncate raw_teamwork.tags, raw_teamwork.projects, planwerk.trigger_error")
    shared.load_tags(*names)
    shared.load_projects(dict(enumerate(names, 1)))
    assert shared.rows("select message from planwerk.trigger_error") == []
    assert shared.value("select count(*) from planwerk.label where outcome is not null") == len(
        names
    )
    assert (
        shared.value(
            "select count(*) from planwerk.label where"
            " (outcome in ('matched', 'ignored')) is distinct from (reason is null)"
        )
        == 0
    )
    assert (
        shared.rows(
            "select l.name, p.project_ids from planwerk.label as l join ("
            "  select key, array_agg(project_id) as project_ids from planwerk.project_name"
            "  where likeness = 1 group by key"
            ") as p on p.key = planwerk.project_key(l.name)"
            " left join planwerk.label_project as x on x.label_id = l.source_id"
            " where x.project_id is distinct from"
            "  case when cardinality(p.project_ids) = 1 then p.project_ids[1] end"
        )
        == []
    )


@settings(max_examples=100, deadline=None)
@given(names=st.lists(TEXTS, min_size=1, max_size=5))
def test_any_nest_of_labels_is_read_without_an_error(nested: Any, names: list[str]) -> None:
    nested.run("truncate raw_missive.shared_labels, planwerk.trigger_error")
    nested.run(
        "insert into raw_missive.shared_labels (id, name, parent_id)"
        " select n, name, n - 1 from unnest(%s::text[]) with ordinality as l (name, n)",
        [names],
    )
    assert nested.rows("select message from planwerk.trigger_error") == []
    assert nested.rows(
        "select path from planwerk.label where outcome is not null order by source_id"
    ) == [names[:n] for n in range(1, len(names) + 1)]


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_folding_twice_is_folding_once(shared: Any, text: str) -> None:
    once, twice = shared.run(
        "select f, planwerk.fold(f) from planwerk.fold(%s) as f", [text]
    ).fetchone()
    assert once == twice


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_a_label_reads_the_same_in_every_batch(shared: Any, text: str) -> None:
    alone = shared.read(text)
    shared.load_tags("KG 410", text, "O-Haus B", first_id=2)
    assert shared.readings()[text] == alone


@pytest.mark.parametrize(
    "name",
    [
        "x" * 10_000,
        "KG 410 " * 1_500,
        "410 " + "Abwasser " * 1_100,
        "O-" + "Haus-" * 2_000,
        "O-Haus A-EG-" + "9" * 10_000,
        "KGR 410" + "/420" * 2_500,
        "Mangel " * 1_400,
        "(" * 10_000,
        "🏗" * 10_000,
        "a\u0308" * 5_000,
    ],
    ids=lambda name: name[:12],
)
def test_a_label_of_ten_thousand_characters_is_read(warehouse: Any, name: str) -> None:
    warehouse.run("set statement_timeout = '10s'")
    assert warehouse.read(name).outcome in {"matched", "unmatched"}
    assert warehouse.rows("select message from planwerk.trigger_error") == []
