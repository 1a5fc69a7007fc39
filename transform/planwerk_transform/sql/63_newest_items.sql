-- The newest items of a cost group with all below it. A view finds all items before it sorts them, and a
-- common group such as 400 has a third of all. So this looks among those that changed lately, and only for
-- what is then missing among the others, by the index on the labels: fast for any group, however common.
create or replace function planwerk.newest_items(code integer, how_many integer default 50)
returns table (
    item_kind text, item_id text, title text, cost_group_codes smallint [], updated_at timestamptz, url text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
-- A plan for any period would be one for all of it; compiling would take longer than running.
set plan_cache_mode = force_custom_plan
set jit = off
as $$
#variable_conflict use_column
declare
    codes smallint [] := array(select g.code from planwerk.cost_group_tree(newest_items.code) as g);
    sought_tags bigint [];
    sought_labels text [];
    sought_folders text [];
    lately timestamptz := greatest(
        (select t.updated_at from planwerk.task_summary as t order by t.updated_at desc offset 10000 limit 1),
        (select c.updated_at from planwerk.conversation_summary as c order by c.updated_at desc offset 10000 limit 1)
    );
    since timestamptz := lately;
    before timestamptz;
    missing integer := how_many;
    number_found integer;
begin
    select
        array_agg(l.source_id::bigint) filter (where l.source = 'teamwork'),
        array_agg(l.source_id) filter (where l.source = 'missive'),
        array_agg(l.source_id) filter (where l.source = 'craft')
    into sought_tags, sought_labels, sought_folders
    from planwerk.label_cost_group as lc
    join planwerk.label as l on l.source = lc.label_source and l.source_id = lc.label_id
    where lc.code = any(codes) and not l.is_deleted;

    loop
        return query
        with spoken as materialized (
            select a.item_kind as kind, a.item_id as id, bool_or(a.verdict = 'include') as is_included
            from planwerk.assignment as a
            where a.cost_group_code = any(codes)
            group by a.item_kind, a.item_id
        ),
        found as materialized (
            select f.kind, f.id, f.updated_at
            from (
                (
                    select 'task'::text as kind, t.id::text as id, t.updated_at
                    from planwerk.task as t
                    where t.tag_ids && sought_tags and not t.is_deleted
                        and (since is null or t.updated_at >= since)
                        and (
                            t.id::text not in (select s.id from spoken as s where s.kind = 'task')
                            or t.cost_group_codes && codes
                        )
                    order by t.updated_at desc
                    limit case when since is not null then missing end
                )
                union
                select 'conversation', c.id, c.updated_at
                from planwerk.conversation as c
                where c.label_ids && sought_labels and not c.is_deleted
                    and (
                        c.id not in (select s.id from spoken as s where s.kind = 'conversation')
                        or c.cost_group_codes && codes
                    )
                union
                select 'document', d.id, d.updated_at
                from planwerk.document as d
                where d.folder_id = any(sought_folders) and not d.is_deleted
                    and (
                        d.id not in (select s.id from spoken as s where s.kind = 'document')
                        or d.cost_group_codes && codes
                    )
                union
                select s.kind, s.id, coalesce(t.updated_at, c.updated_at, d.updated_at)
                from spoken as s
                left join planwerk.task as t on s.kind = 'task' and t.id::text = s.id
                left join planwerk.conversation as c on s.kind = 'conversation' and c.id = s.id
                left join planwerk.document as d on s.kind = 'document' and d.id = s.id
                where s.is_included and not coalesce(t.is_deleted, c.is_deleted, d.is_deleted)
            ) as f
            where (since is null or f.updated_at >= since)
                and (before is null or f.updated_at < before or f.updated_at is null)
            order by f.updated_at desc nulls last
            limit missing
        )
        select
            f.kind, f.id, coalesce(t.title, c.title, d.title),
            coalesce(t.cost_group_codes, c.cost_group_codes, d.cost_group_codes), f.updated_at,
            coalesce(t.url, c.url, d.web_url, d.url)
        from found as f
        left join planwerk.task as t on f.kind = 'task' and t.id::text = f.id
        left join planwerk.conversation as c on f.kind = 'conversation' and c.id = f.id
        left join planwerk.document as d on f.kind = 'document' and d.id = f.id
        order by f.updated_at desc nulls last, f.kind, f.id;

        get diagnostics number_found = row_count;
        missing := missing - number_found;
        exit when missing <= 0 or since is null;
        before := lately;
        since := null;
    end loop;
end
$$;
comment on function planwerk.newest_items(integer, integer) is
'The items of a cost group with all below it that changed last, newest first; deleted ones are left out.';
