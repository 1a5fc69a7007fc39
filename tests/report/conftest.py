"""A small office in a database of its own, its report, and one real Chromium."""

from __future__ import annotations

import os
import shutil

import psycopg
import pytest
from planwerk_report.figures import read_figures
from planwerk_report.html import render
from playwright.sync_api import sync_playwright
from psycopg.conninfo import make_conninfo

# Labels, with what the first rule that is suggested for each makes of it.
LABELS = {
    "KG 467": "460",
    "KG 999": "ignored",
    "Mangel KG 467": "460",
    "KGR 735 Altbestand": "741",
    "KGR 484 Raumautomationssysteme": "480",
    "KG 410-430": "410",
    "400 V": "ignored",
    "Müller KG 410": "ignored",
    "Protokol": "Protokoll",
    "Abnahme": "ignored",
    "Lindenhof Kita, Neubau 2417": "2417 Kita Lindenhof Neubau",
    "Gründungen Unterbau": "ignored",
    "Kita Nord": "Kita Nord",
    "kaputt": "ignored",
    "krumm": "2417 Kita Lindenhof Neubau",
    "<script>document.title = 'owned'</script>": "ignored",
    "</script><img src=x onerror=alert(1)>": "ignored",
    "KG 467 </script> \\'; drop table planwerk.rule; -- \"": "460",
    "'); drop table planwerk.rule; --": "ignored",
    r"a\b \1 \\ \' E'\n'": "ignored",
    r".* [x] [^y] (z) {2} | + ? ^ $ ***=": "ignored",
    "{{ 7 * 7 }} ${x} %s {0} :name": "ignored",
    "rechts\u202elinks\u2066 \u0001 \U0001d518 $tag$": "ignored",
    "Ü" * 1200: "ignored",
}
MATCHED = [
    "KG 440 Elektro",
    "KG 441",
    "KGR 410",
    "O-Haus A/EG/0.12",
    "O-Haus A/UG",
    "Mangel",
    "Art",
]

_OFFICE = """
insert into raw_teamwork.projects (id, name, status) values
    (1, '2417 Kita Lindenhof Neubau', 'active'),
    (2, 'Kita Nord', 'active'),
    (3, 'Kita Nord', 'active'),
    (4, '</script><b>Hof</b>', 'active');
insert into planwerk.rule (category, pattern, position, value) values
    ('project', '^kaputt$', 1, 'Gibt es nicht'),
    ('project', '^krumm$', 1, 'Kita Lindenhoff Neubau 2417');
insert into planwerk.task_type (name) values ('<i>Hostile</i>');
insert into planwerk.rule (category, pattern, position, value) values
    ('task_type', '^Art$', 1, '<i>Hostile</i>');

-- two tasks of 440 and 441, of which one has both; one that is deleted; one for each state
insert into raw_teamwork.tasks
    (id, name, status, project_id, tag_ids, due_on, created_at, updated_at, deleted_at)
values
    (1, 'Leuchten', 'new', 1, '{1, 2, 4}', '2999-01-01', '2026-01-10', '2026-03-02', null),
    (2, 'Tür', 'new', 1, '{2, 5, 7}', '2020-01-01', '2026-03-31 23:00Z', '2026-04-01 12:00Z', null),
    (3, 'Becken', 'completed', 4, '{3, 6}', '2020-01-01', '2026-03-02', '2026-03-02', null),
    (4, 'Weg', 'new', 1, '{1, 3}', null, '2026-03-02', '2026-03-02', now()),
    (5, 'Alt', 'completed', 1, null, null, '2009-03-02', '2009-03-02', null);
insert into raw_missive.shared_labels (id, name, _sdc_extracted_at) values
    ('kg', 'KG 440', '2026-04-03 05:00Z'), ('weg', 'KG 467', '2026-04-03 06:00Z');
insert into raw_missive.conversations
    (id, subject, shared_label_ids, is_guest, is_deleted, is_trashed, is_junked, created_at)
values
    ('a', 'Mail', '{kg, weg}', false, false, false, false, '2026-04-02 12:00Z'),
    ('b', 'Papierkorb', '{kg}', false, false, true, false, '2026-04-02 12:00Z');
insert into raw_craft.folders (id, name, path) values
    ('f', '2417 Kita', '{2417 Kita}'), ('g', '<u>Ordner</u>', '{2417 Kita,<u>Ordner</u>}');
insert into raw_craft.documents
    (id, title, folder_id, folder_ids, is_deleted, created_at, last_modified_at)
values
    ('d', 'Notiz', 'g', '{f, g}', false, '2026-04-02 12:00Z', '2026-04-02 12:00Z');
"""


@pytest.fixture(scope="session")
def labels():
    """Unmatched labels of the office, with what their first suggestion makes of them."""
    return LABELS


@pytest.fixture(scope="session")
def office_url(new_database, applied_template):
    """Connection string of a database with an office, by its owner."""
    url = new_database(applied_template)
    names = [*MATCHED, *LABELS]
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into raw_teamwork.tags (id, name)"
            " select n, name from unnest(%s::text[]) with ordinality as t (name, n)",
            [names],
        )
        connection.execute(_OFFICE)
        connection.execute(
            "insert into raw_teamwork.tasks (id, name, status, tag_ids, created_at, updated_at)"
            " values (6, 'Alles', 'new', %s, '2026-02-01 12:00Z', '2026-02-01 12:00Z')",
            [list(range(len(MATCHED) + 1, len(names) + 1))],
        )
    return url


@pytest.fixture(scope="session")
def reader_url(office_url):
    """The same database, by one who may only read the schema planwerk."""
    return make_conninfo(office_url, options="-c role=planwerk_reader")


@pytest.fixture(scope="session")
def figures(reader_url):
    return read_figures(reader_url)


@pytest.fixture(scope="session")
def report(figures, tmp_path_factory):
    """Path of the office's report."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(figures), encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests; without one they are skipped, but not where CI is set."""
    names = "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        message = "no Chromium here: install chromium or google-chrome"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        running = playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        running.close()
