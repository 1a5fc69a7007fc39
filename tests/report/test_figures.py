"""The numbers of the report, as one who may only read gets them."""


def by(rows, key, *columns):
    return {row[key]: tuple(row[column] for column in columns) for row in rows}


def test_living_items_are_counted_and_deleted_ones_are_not(figures):
    totals = figures.totals
    assert (totals["tasks"], totals["open_tasks"]) == (5, 3)
    assert (totals["conversations"], totals["open_conversations"]) == (1, 1)
    assert totals["documents"] == 1
    assert (totals["with_cost_group"], totals["with_location"]) == (4, 2)


def test_an_item_counts_once_in_the_group_above_its_cost_groups(figures):
    found = by(figures.cost_groups, "code", "items", "own", "tasks", "conversations")
    assert found == {
        400: (4, 0, 3, 1),
        410: (1, 1, 1, 0),
        440: (3, 2, 2, 1),
        441: (2, 2, 2, 0),
    }


def test_a_building_has_the_items_of_its_floors_and_rooms_from_the_cellar_up(figures):
    found = [(row["kind"], row["name"], row["items"]) for row in figures.locations]
    assert sorted(found) == [
        ("building", "Haus A", 2),
        ("floor", "EG", 1),
        ("floor", "UG", 1),
        ("room", "0.12", 1),
    ]
    assert [name for kind, name, _ in found if kind == "floor"] == ["UG", "EG"]


def test_a_month_is_the_one_at_the_office_and_none_is_left_out(figures):
    found = {
        row["month"] and f"{row['month']:%Y-%m}": (row["teamwork"], row["missive"], row["craft"])
        for row in figures.months
    }
    assert found == {
        None: (1, 0, 0),
        "2026-01": (1, 0, 0),
        "2026-02": (1, 0, 0),
        "2026-03": (1, 0, 0),
        "2026-04": (1, 1, 1),  # the task of 23:00 UTC on 31 March too
    }


def test_tasks_are_open_overdue_or_completed(figures):
    found = by(figures.task_states, "task_type", "open", "overdue", "completed")
    assert found["Mangel"] == (1, 0, 1)
    assert found["<i>Hostile</i>"] == (0, 1, 0)
    assert found["Aufgabe"] == (1, 0, 1)


def test_the_busiest_project_is_the_one_with_the_most_changes(figures):
    found = [tuple(row.values())[:6] for row in figures.projects]
    assert found == [
        ("2417 Kita Lindenhof Neubau", 3, 0, 1, 4, 3),
        ("</script><b>Hof</b>", 1, 0, 0, 1, 1),
    ]


def test_a_source_has_its_living_rows_and_when_they_were_read(figures):
    found = {row["source"]: row for row in figures.sources if row["stream"] is None}
    assert found["teamwork"]["deleted"] == 1
    assert f"{found['teamwork']['last_change']:%Y-%m-%d %H:%M %Z}" == "2026-04-01 14:00 CEST"
    assert f"{found['missive']['last_extracted_at']:%Y-%m-%d %H:%M %Z}" == "2026-04-03 08:00 CEST"
