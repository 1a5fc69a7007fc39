-- The fifteen projects with the most items that changed in the 90 days before the newest change.
with held as materialized (
    select distinct project_id, project_name, item_kind, item_id, updated_at
    from planwerk.item_project
    where not is_deleted
),
newest as (
    select max(updated_at) as at from held where updated_at <= now()
)
select
    h.project_name,
    count(*) filter (where h.item_kind = 'task') as teamwork,
    count(*) filter (where h.item_kind = 'conversation') as missive,
    count(*) filter (where h.item_kind = 'document') as craft,
    count(*) as items,
    count(*) filter (where h.updated_at > n.at - interval '90 days') as changed,
    max(h.updated_at) as last_change
from held as h
cross join newest as n
group by h.project_id, h.project_name
order by changed desc, items desc, h.project_name
limit 15
