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

create or replace function planwerk.labels_seen_at(
    is_guest boolean, is_deleted boolean, merged_into_id text, extracted_at timestamptz
)
returns timestamptz
language sql immutable parallel safe
as $$
    select case when is_guest or is_deleted or merged_into_id is not null then null else extracted_at end
$$;
comment on function planwerk.labels_seen_at(boolean, boolean, text, timestamptz) is
'When the labels of a conversation were read; null if its row is of a guest, or a mark: such a row says nothing of labels, they are of an earlier reading.';

create or replace view planwerk.carried_label as
select
    c.id as conversation_id,
    c.shared_label_ids as label_ids,
    label.id as label_id,
    c.shared_labels as labels,
    planwerk.labels_seen_at(c.is_guest, c.is_deleted, c.merged_into_id, c._sdc_extracted_at) as seen_at
from raw_missive.conversations as c
cross join unnest(c.shared_label_ids) as label (id)
where label.id is not null and not exists (
    select from raw_missive.shared_labels as l where l.id = label.id and l._sdc_deleted_at is null
);
comment on view planwerk.carried_label is 'Conversations and those of their labels that are not in Missive''s list.';
comment on column planwerk.carried_label.conversation_id is 'Conversation.';
comment on column planwerk.carried_label.label_ids is 'All its labels; has the index for a search by label.';
comment on column planwerk.carried_label.label_id is 'Label that is not in the list.';
comment on column planwerk.carried_label.labels is 'What the conversation says of its labels.';
comment on column planwerk.carried_label.seen_at is 'When that was read.';

create or replace function planwerk.read_unlisted_labels(label_ids text [], labels jsonb [], seen_at timestamptz [])
returns setof planwerk.unlisted_label
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select distinct on (c.label_id)
        c.label_id, said.label ->> 'name', said.label ->> 'parent', said.label ->> 'name_with_parent_names', c.seen_at
    from unnest(label_ids, labels, seen_at) as c (label_id, labels, seen_at)
    left join lateral (
        select e.label
        from jsonb_array_elements(case jsonb_typeof(c.labels) when 'array' then c.labels else '[]' end) as e (label)
        where e.label ->> 'id' = c.label_id
        limit 1
    ) as said on true
    -- What was read last counts; of what was read at once the same, whichever conversation came first.
    order by
        c.label_id, c.seen_at desc nulls last,
        array[said.label ->> 'name', said.label ->> 'parent', said.label ->> 'name_with_parent_names'] desc
$$;
comment on function planwerk.read_unlisted_labels(text [], jsonb [], timestamptz []) is
'What conversations that were read at some moment say of labels: the newest of each label.';

create or replace function planwerk.refresh_unlisted_labels(only_ids text [] default null)
returns text []
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off
as $$
declare
    changed text [];
begin
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));

    with newest as materialized (
        -- only the newest are looked into
        select c.label_id, c.labels, c.seen_at
        from (
            select c.label_id, c.labels, c.seen_at, rank() over (partition by c.label_id order by c.seen_at desc nulls last)
            from planwerk.carried_label as c
            where (only_ids is null or c.label_ids && only_ids and c.label_id = any(only_ids))
        ) as c
        where c.rank = 1
    ),
    said as materialized (
        select s.*
        from (
            select array_agg(n.label_id) as ids, array_agg(n.labels) as labels, array_agg(n.seen_at) as seen_at from newest as n
        ) as n
        cross join lateral planwerk.read_unlisted_labels(n.ids, n.labels, n.seen_at) as s
    ),
    gone as (
        delete from planwerk.unlisted_label as u
        where (only_ids is null or u.id = any(only_ids)) and not exists (select from said where said.id = u.id)
        returning u.id
    ),
    put as (
        insert into planwerk.unlisted_label as u
        select * from said order by said.id
        on conflict (id) do update
        set name = excluded.name, parent_id = excluded.parent_id,
            name_with_parent_names = excluded.name_with_parent_names, seen_at = excluded.seen_at
        where u is distinct from excluded
        returning u.id
    )
    select coalesce(array_agg(x.id), '{}') into changed
    from (select gone.id from gone union all select put.id from put) as x;
    return changed;
end
$$;
comment on function planwerk.refresh_unlisted_labels(text []) is
'Takes labels that /shared_labels does not list, the given ones or all, from the conversations that carry them; returns the ids of those that changed.';

create or replace function planwerk.add_unlisted_labels(of_conversations text [])
returns text []
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set jit = off
as $$
declare
    changed text [];
begin
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));

    with put as (
        insert into planwerk.unlisted_label as u
        select s.*
        from (
            select array_agg(c.label_id) as ids, array_agg(c.labels) as labels, array_agg(c.seen_at) as seen_at
            from planwerk.carried_label as c
            where c.conversation_id = any(of_conversations)
        ) as c
        cross join lateral planwerk.read_unlisted_labels(c.ids, c.labels, c.seen_at) as s
        order by s.id
        on conflict (id) do update
        set name = excluded.name, parent_id = excluded.parent_id,
            name_with_parent_names = excluded.name_with_parent_names, seen_at = excluded.seen_at
        where (coalesce(u.seen_at, '-infinity'), array[u.name, u.parent_id, u.name_with_parent_names])
            < (coalesce(excluded.seen_at, '-infinity'), array[excluded.name, excluded.parent_id, excluded.name_with_parent_names])
        returning u.id
    )
    select coalesce(array_agg(put.id), '{}') into changed from put;
    return changed;
end
$$;
comment on function planwerk.add_unlisted_labels(text []) is
'Takes what the given conversations, which were just read, add to the labels that /shared_labels does not list; returns the ids of those that changed.';
