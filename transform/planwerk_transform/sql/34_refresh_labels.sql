-- From raw rows to labels. The view is the one place that knows which raw table holds labels; a new
-- source is one more branch and one more set of triggers.

create or replace view planwerk.source_label as
select
    'teamwork'::text as source,
    id::text as source_id,
    name::text as name,
    null::text [] as path,
    _sdc_deleted_at is not null as is_deleted
from raw_teamwork.tags
union all
select
    'missive',
    m.id,
    m.name,
    -- Up the parents as far as they can be seen; what is above the last one, its joined names say.
    (
        with recursive upward as (
            select m.id, m.name, m.parent_id, m.name_with_parent_names, 0 as height, array[m.id] as passed
            union all
            select p.id, p.name, p.parent_id, p.name_with_parent_names, u.height + 1, u.passed || p.id
            from upward as u
            -- "offset 0": looked up by its key, not joined with all labels
            cross join lateral (
                select x.* from planwerk.missive_label as x where x.id = u.parent_id offset 0
            ) as p
            where p.id <> all(u.passed)
        )
        select
            coalesce(
                string_to_array(
                    (array_agg(
                        case
                            when right(upward.name_with_parent_names, length(upward.name) + 1) = '/' || upward.name
                                then left(upward.name_with_parent_names, - length(upward.name) - 1)
                        end
                        order by upward.height desc
                    ))[1],
                    '/'
                ),
                '{}'
            )
            || array_agg(coalesce(upward.name, '') order by upward.height desc)
        from upward
    ),
    m.is_deleted
from planwerk.missive_label as m
union all
select
    'craft',
    f.id,
    f.name,
    f.path,
    f._sdc_deleted_at is not null
from raw_craft.folders as f;
comment on view planwerk.source_label is 'Labels as the raw tables have them.';
comment on column planwerk.source_label.source is 'teamwork, missive or craft.';
comment on column planwerk.source_label.source_id is 'Id in the source, as text.';
comment on column planwerk.source_label.name is 'Name in the source.';
comment on column planwerk.source_label.path is 'Names from the top to this label where labels nest.';
comment on column planwerk.source_label.is_deleted is 'Gone from the source.';

create or replace function planwerk.refresh_labels(of_source text default null, only_ids text [] default null)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
-- compiling would take longer than the statements
set jit = off
as $$
declare
    renamed record;
begin
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));

    delete from planwerk.label as l
    where (of_source is null or l.source = of_source)
        and (only_ids is null or l.source_id = any(only_ids))
        and not exists (
            select from planwerk.source_label as s where s.source = l.source and s.source_id = l.source_id
        );

    for renamed in
        with changed as materialized (
            select s.*, l.source_id is null or l.name is distinct from s.name or l.path is distinct from s.path
                or l.outcome is null as needs_parsing
            from planwerk.source_label as s
            left join planwerk.label as l on l.source = s.source and l.source_id = s.source_id
            where (of_source is null or s.source = of_source)
                and (only_ids is null or s.source_id = any(only_ids))
                and (
                    l.source_id is null or l.outcome is null
                    or (l.name, l.path, l.is_deleted) is distinct from (s.name, s.path, s.is_deleted)
                )
        ),
        put as (
            insert into planwerk.label (source, source_id, name, path, is_deleted)
            select c.source, c.source_id, c.name, c.path, c.is_deleted from changed as c
            on conflict (source, source_id) do update
            set name = excluded.name, path = excluded.path, is_deleted = excluded.is_deleted
        )
        select c.source, array_agg(c.source_id) as ids from changed as c where c.needs_parsing group by c.source
    loop
        perform planwerk.parse_labels(renamed.source, renamed.ids);
    end loop;
end
$$;
comment on function planwerk.refresh_labels(text, text []) is
'Makes planwerk.label equal to the raw tables, for one source or all, for some ids or all, and parses what was new or renamed.';

create or replace function planwerk.record_trigger_error(source text, table_name text, row_key text, message text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into planwerk.trigger_error (source, table_name, row_key, message)
    values (source, table_name, row_key, message);
exception when others then
    -- Even a broken error table must not stop a load.
    raise warning 'planwerk: % % %: %', source, table_name, row_key, message;
end
$$;
comment on function planwerk.record_trigger_error(text, text, text, text) is
'Notes what a trigger could not do.';

create or replace function planwerk.refresh_labels_safely(of_source text, table_name text, changed_ids text [])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    one text;
begin
    perform planwerk.refresh_labels(of_source, changed_ids);
exception when query_canceled then
    -- not again: the time limit counts for the statement of the loader, and only once
    perform planwerk.record_trigger_error(of_source, table_name, null, sqlerrm || ' while labels were read by the rules');
when others then
    if changed_ids is null then
        perform planwerk.record_trigger_error(of_source, table_name, null, sqlerrm);
        return;
    end if;
    -- One at a time, so that one bad label does not keep the others from being read.
    foreach one in array changed_ids loop
        begin
            perform planwerk.refresh_labels(of_source, array[one]);
        exception when others then
            perform planwerk.record_trigger_error(of_source, table_name, one, sqlerrm);
        end;
    end loop;
end
$$;
comment on function planwerk.refresh_labels_safely(text, text, text []) is
'refresh_labels for triggers: a failure goes to trigger_error and never stops the load.';
