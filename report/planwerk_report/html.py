"""The page: figures in, one HTML text out that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import jinja2
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from planwerk_report.reasons import understand
from planwerk_report.suggestions import suggest
from planwerk_report.wording import age, day, month, number, share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planwerk_report.figures import Figures, Row

SOURCES: Final = {"teamwork": "Teamwork", "missive": "Missive", "craft": "Craft"}
"""Sources in the order of the page, with their names."""


def render(figures: Figures) -> str:
    """Return the page.

    Everything of the office goes through Jinja's escaping, and scripts run only by their digest.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("planwerk_report", "page"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "age": age,
        "day": day,
        "month": month,
        "number": number,
        "share": share,
    }
    scripts = [get_plotlyjs(), _page_file("report.js")]
    return environment.get_template("report.html.jinja").render(
        figures=figures,
        sources=SOURCES,
        freshness=_freshness(figures.sources),
        places=_tree(figures.locations),
        labels=list(_labels(figures)),
        chart_data=_chart_data(figures),
        style=Markup(_page_file("report.css")),  # noqa: S704  # our own file
        scripts=[Markup(script) for script in scripts],  # noqa: S704  # our own, and the library's
        script_digests=[_digest(script) for script in scripts],
    )


def _freshness(rows: list[Row]) -> list[Row]:
    """Return the sources with their streams that have rows, in the order of the page."""
    of_source = {row["source"]: row for row in rows if row["stream"] is None}
    return [
        {
            **of_source[source],
            "streams": [
                row
                for row in rows
                if row["source"] == source and row["stream"] and row["living"] + row["deleted"]
            ],
        }
        for source in SOURCES
        if source in of_source
    ]


def _tree(rows: list[Row]) -> list[Row]:
    """Return the buildings, each place with those below it as `places`."""
    by_id: dict[int, Row] = {row["id"]: {**row, "places": []} for row in rows}
    for row in by_id.values():
        if row["parent_id"]:
            by_id[row["parent_id"]]["places"].append(row)
    return [row for row in by_id.values() if not row["parent_id"]]


def _labels(figures: Figures) -> Iterator[Row]:
    for row in figures.unmatched_labels:
        reason = row["reason"] or ""
        yield {
            **row,
            "reason": reason,
            "german_reason": understand(reason).german,
            "suggestions": suggest(row["name"], reason, figures.known),
        }


def _chart_data(figures: Figures) -> dict[str, Any]:
    months = [row for row in figures.months if row["month"]]
    return {
        "months": {
            "month": [f"{row['month']:%Y-%m-%d}" for row in months],
            **{source: [row[source] for row in months] for source in SOURCES},
        },
        "costGroups": figures.cost_groups,
        "sortedItems": figures.totals["with_cost_group"],
        "tasks": figures.task_states,
    }


def _page_file(name: str) -> str:
    return (files("planwerk_report") / "page" / name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    """Return how a Content-Security-Policy names a script."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
