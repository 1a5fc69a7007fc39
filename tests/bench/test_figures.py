"""Figures are compared with the committed ones, and the page shows them."""

import json
from dataclasses import asdict, replace

import pytest
from figures import README, Figure, Results, with_tables

REQUESTS = Figure(
    "requests", "idle run", "meltano invoke tap", "2 000 tasks", 17, floor=16, guarded=True
)
ROW = Figure("growth", "table, per task", "meltano run", "10 000 tasks", 873.0, "bytes")


@pytest.fixture
def results(tmp_path):
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"figures": [asdict(REQUESTS), asdict(ROW)]}))
    return Results(path)


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (REQUESTS, "same"),
        (replace(REQUESTS, found=18), "worse"),
        (replace(REQUESTS, found=16), "better"),
        (replace(REQUESTS, data="3 000 tasks"), "new"),
        (replace(ROW, found=885.0), "same"),
        (replace(ROW, found=895.0), "worse"),
    ],
)
def test_a_figure_is_worse_than_the_committed_one_if_it_is_greater_than_it_may_vary(
    results, figure, verdict
):
    assert results.verdict(figure) == verdict


def test_a_figure_is_shown_with_command_data_floor_and_ratio():
    page = with_tables("a\n<!-- table: requests -->\nold\n<!-- end -->\nb", [REQUESTS])
    assert "| idle run | `meltano invoke tap` | 2 000 tasks | 17 | 16 | 1.06 |  |" in page
    assert "old" not in page


def test_a_table_without_a_place_on_the_page_is_not_lost_silently():
    with pytest.raises(ValueError, match="no place for the table of 'requests'"):
        with_tables("a page", [REQUESTS])


def test_the_page_shows_the_committed_results():
    page = README.read_text(encoding="utf-8")
    committed = Results().figures
    assert committed
    assert with_tables(page, committed) == page
