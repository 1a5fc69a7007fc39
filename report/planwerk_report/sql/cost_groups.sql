-- Cost groups that living items have, each with all below it. An item counts once per group; `own`
-- are those that the group itself is named for.
with sorted as materialized (
    select distinct item_kind, item_id, code, code_path from planwerk.item_cost_group where not is_deleted
),
held as (
    select distinct s.item_kind, s.item_id, p.code
    from sorted as s
    cross join lateral unnest(s.code_path) as p (code)
),
own as (
    select code, count(*) as items from sorted group by code
)
select
    g.code,
    g.parent_code,
    g.level,
    g.name_de,
    g.name_en,
    count(*) as items,
    coalesce(own.items, 0) as own,
    count(*) filter (where h.item_kind = 'task') as tasks,
    count(*) filter (where h.item_kind = 'conversation') as conversations,
    count(*) filter (where h.item_kind = 'document') as documents
from held as h
join planwerk.cost_group as g on g.code = h.code
left join own on own.code = g.code
group by g.code, own.items
order by g.code
