"""A cost group with all below it, and the items of it that changed last."""

from __future__ import annotations

from typing import Any


def test_a_cost_group_has_all_below_it(warehouse: Any) -> None:
    tree = "select code::int from planwerk.cost_group_tree(%s) order by 1"
    assert warehouse.rows(tree, [411]) == [411]
    assert warehouse.rows(tree, [430]) == [430, 431, 432, 433, 434, 439]
    hundreds = warehouse.rows(tree, [400])
    assert hundreds == warehouse.rows(
        "select code::int from planwerk.cost_group where code / 100 = 4 order by 1"
    )
    assert warehouse.rows(tree, [415]) == []
    assert warehouse.rows("select path::int[] from planwerk.cost_group_tree(434)") == [
        [400, 430, 434]
    ]
    # Every path is what the parents say.
    assert (
        warehouse.rows(
            "select g.code from planwerk.cost_group as g"
            " left join planwerk.cost_group as p on p.code = g.parent_code"
            " where g.path <> coalesce(p.path, '{}') || g.code"
        )
        == []
    )


def test_the_newest_items_are_those_of_a_full_search(warehouse: Any) -> None:
    warehouse.run(
        "insert into raw_teamwork.tags (id, name) select row_number() over (order by code),"
        " 'KG ' || code from planwerk.cost_group where code / 100 = 4 order by code"
    )
    warehouse.load_labels(a="KG 440", b="KG 474", c="x")
    warehouse.load_folders(f="KG 450", g="Lüftung")
    warehouse.run(
        """
        insert into raw_teamwork.tasks (id, name, status, tag_ids, updated_at)
        select
            n, 'Task ' || n, case when n % 10 = 0 then 'deleted' else 'new' end,
            array[1 + (7 * n) % 50, case when n % 4000 = 0 then 64 else 1000 end],
            case when n <> 77 then timestamptz '2026-01-01 00:00Z' - n * interval '1 minute' end
        from generate_series(1, 12000) as n;
        insert into raw_missive.conversations
            (id, latest_message_subject, shared_label_ids, last_activity_at)
        select
            'c' || n, 'Mail', array[(array['a', 'b', 'c'])[1 + n % 3]],
            timestamptz '2026-01-01 00:00:30Z' - n * interval '5 minutes'
        from generate_series(1, 100) as n;
        insert into raw_craft.documents (id, title, folder_id, last_modified_at)
        select
            'd' || n, 'Note', (array['f', 'g'])[1 + n % 2],
            timestamptz '2026-01-01 00:00:10Z' - n * interval '5 hours'
        from generate_series(1, 20) as n;
        """
    )
    words = [
        *[("task", str(n), "410", "include") for n in range(1, 30, 3)],
        *[("task", str(n), "474", "exclude") for n in range(4000, 12001, 4000)],
        *[("task", str(n), str(code), "exclude") for n in range(1, 40) for code in (411, 431, 442)],
        ("task", "11999", "474", "include"),
        ("conversation", "c3", "474", "include"),
        ("conversation", "c1", "474", "exclude"),
        ("document", "d2", "400", "include"),
        ("document", "d1", "450", "exclude"),
        ("task", "99999", "474", "include"),
    ]
    for word in words:
        warehouse.run(
            "insert into planwerk.assignment (item_kind, item_id, category, value, verdict)"
            " values (%s, %s, 'cost_group', %s, %s) on conflict do nothing",
            word,
        )
    warehouse.run("analyze")
    everything = warehouse.rows(
        "select i.kind, i.id, i.title, array_agg(distinct c.code), i.updated_at"
        " from planwerk.item_cost_group as c"
        " join planwerk.item as i on i.kind = c.item_kind and i.id = c.item_id"
        " where not c.is_deleted group by i.kind, i.id, i.title, i.updated_at"
        " order by i.updated_at desc nulls last, i.kind, i.id"
    )
    for code in (400, 410, 411, 440, 450, 474, 500):
        tree = set(warehouse.rows("select code from planwerk.cost_group_tree(%s)", [code]))
        expected = [row for row in everything if tree.intersection(row[3])]
        assert expected or code == 500
        for how_many in (3, 50, 20_000):
            found = warehouse.rows(
                "select item_kind, item_id, title, cost_group_codes, updated_at"
                " from planwerk.newest_items(%s, %s)",
                [code, how_many],
            )
            assert found == expected[:how_many]
