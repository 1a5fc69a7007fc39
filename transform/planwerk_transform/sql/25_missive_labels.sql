-- Missive's labels nest, and /shared_labels hides some from the token's owner; of those the
-- conversations that carry them tell the name. A label that left the list while conversations read
-- later still carry it is not deleted but hidden.

create or replace view planwerk.missive_label as
select
    l.id,
    l.name,
    l.parent_id,
    l.name_with_parent_names,
    l._sdc_deleted_at is not null as is_deleted
from raw_missive.shared_labels as l
where not exists (
    select from planwerk.unlisted_label as u where u.id = l.id and u.seen_at > l._sdc_deleted_at
)
union all
select
    u.id,
    u.name,
    u.parent_id,
    u.name_with_parent_names,
    false
from planwerk.unlisted_label as u
where not exists (
    select from raw_missive.shared_labels as l
    where l.id = u.id and coalesce(u.seen_at > l._sdc_deleted_at, false) is false
);
comment on view planwerk.missive_label is 'Missive''s labels, those that only conversations speak of included.';
comment on column planwerk.missive_label.id is 'Id in Missive.';
comment on column planwerk.missive_label.name is 'Name without its parents.';
comment on column planwerk.missive_label.parent_id is 'Label above.';
comment on column planwerk.missive_label.name_with_parent_names is 'Names from the top label down, joined by /; a name may hold a / itself.';
comment on column planwerk.missive_label.is_deleted is 'Gone from Missive.';

create or replace function planwerk.missive_labels_below(ids text [])
returns text []
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with recursive below as (
        select i.id from unnest(ids) as i (id)
        union
        select l.id from below join planwerk.missive_label as l on l.parent_id = below.id
    )
    select coalesce(array_agg(below.id), '{}') from below
$$;
comment on function planwerk.missive_labels_below(text []) is
'The given labels and all below them, whose paths change with theirs.';

create or replace function planwerk.refresh_unlisted_labels(of_conversations text [] default null)
returns text []
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    changed text [];
    gone text [];
begin
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));

    with carried as materialized (
        select distinct on (carrying.label_id) carrying.label_id, carrying.shared_labels, carrying.seen_at
        from (
            select
                label.id as label_id, c.shared_labels,
                -- a row of a guest, or a mark, says nothing of labels: they are of an earlier reading
                case when c.is_guest or c.is_deleted or c.merged_into_id is not null then null else c._sdc_extracted_at end
                as seen_at
            from raw_missive.conversations as c
            cross join unnest(c.shared_label_ids) as label (id)
            where (of_conversations is null or c.id = any(of_conversations)) and label.id is not null
                and not exists (
                    select from raw_missive.shared_labels as l where l.id = label.id and l._sdc_deleted_at is null
                )
        ) as carrying
        order by carrying.label_id, carrying.seen_at desc nulls last
    ),
    put as (
        insert into planwerk.unlisted_label as u (id, name, parent_id, name_with_parent_names, seen_at)
        select
            carried.label_id, said.label ->> 'name', said.label ->> 'parent', said.label ->> 'name_with_parent_names',
            carried.seen_at
        from carried
        left join lateral (
            select e.label
            from jsonb_array_elements(
                case jsonb_typeof(carried.shared_labels) when 'array' then carried.shared_labels else '[]' end
            ) as e (label)
            where e.label ->> 'id' = carried.label_id
            limit 1
        ) as said on true
        order by carried.label_id
        on conflict (id) do update
        set name = excluded.name, parent_id = excluded.parent_id,
            name_with_parent_names = excluded.name_with_parent_names, seen_at = excluded.seen_at
        where (u.seen_at is null or u.seen_at <= excluded.seen_at) and u is distinct from excluded
        returning u.id
    )
    select coalesce(array_agg(put.id), '{}') into changed from put;

    if of_conversations is null then
        with dropped as (
            delete from planwerk.unlisted_label as u
            where not exists (
                select from raw_missive.conversations as c where c.shared_label_ids @> array[u.id]
            )
            returning u.id
        )
        select coalesce(array_agg(dropped.id), '{}') into gone from dropped;
    end if;
    return changed || gone;
end
$$;
comment on function planwerk.refresh_unlisted_labels(text []) is
'Takes the labels that /shared_labels does not list from the conversations that carry them, from the given ones or all; returns the ids of those that changed.';
