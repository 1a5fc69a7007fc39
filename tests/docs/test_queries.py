"""Every query of these pages works as printed, and finds something."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PEOPLE = {
    "cookbook.md": ("planwerk_reader", 28),
    "categories.md": ("planwerk_editor", 20),
    "connecting.md": ("planwerk_reader", 1),
}
"""Per page: the role that its reader has, and how many questions it answers at least."""


# One test for all pages: they share an office, which takes longer to load than they do to answer.
def test_the_statements_of_each_page_work_in_their_order_for_the_people_it_is_for(desk, subtests):
    for page, (role, least) in PEOPLE.items():
        connection = desk(role)
        text = (DOCS / page).read_text(encoding="utf-8")
        answers = {}
        for block in re.findall(r"```sql\n(.*?)```", text, re.DOTALL):
            for statement in filter(str.strip, block.split(";\n")):
                with subtests.test(page=page, statement=statement):
                    cursor = connection.execute(statement)
                    if cursor.description:
                        answers[statement] = cursor.fetchall()
                        assert answers[statement], "It finds nothing."
        assert len(answers) >= least, page
