-- Buildings, floors and rooms that living items have, each with all below it, from the cellar up.
with recursive above as (
    select id, id as above_id, parent_id from planwerk.location
    union all
    select a.id, l.id, l.parent_id
    from above as a
    join planwerk.location as l on l.id = a.parent_id
),
held as (
    select distinct i.item_kind, i.item_id, a.above_id as id
    from planwerk.item_location as i
    join above as a on a.id = i.location_id
    where not i.is_deleted
)
select
    l.id,
    l.parent_id,
    l.kind,
    l.name,
    count(*) as items,
    count(*) filter (where h.item_kind = 'task') as tasks,
    count(*) filter (where h.item_kind = 'conversation') as conversations,
    count(*) filter (where h.item_kind = 'document') as documents
from held as h
join planwerk.location as l on l.id = h.id
group by l.id
order by
    case
        when l.kind <> 'floor' then 0
        when l.name ~* 'tief|keller|unter|\mkg|ug' then 1
        when l.name ~* 'erd|eg' then 2
        when l.name ~* 'dach|staffel|dg|sg' then 4
        else 3
    end,
    coalesce(nullif(substring(l.name from '[0-9]+'), '')::numeric, 0)
    * case when l.kind = 'floor' and l.name ~* 'unter|ug' then -1 else 1 end,
    l.name,
    l.id
