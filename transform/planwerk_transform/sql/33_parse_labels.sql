-- Reading labels: first what kind, then where, then the cost group in what is left over, so that KG
-- in "O-Haus A-KG-0.12" is a floor and not a cost group. Each step is one statement over all
-- labels at hand and writes only rows that differ.

create or replace function planwerk.parse_label_locations(sources text [], ids text [], names text [])
returns text []
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    read_n bigint [];
    rule_ids bigint [];
    buildings text [];
    floors text [];
    rooms text [];
    locations bigint [];
    remainders text [];
begin
    select
        array_agg(r.n), array_agg(r.rule_id), array_agg(r.building), array_agg(r.floor), array_agg(r.room),
        array_agg(r.remainder)
    into read_n, rule_ids, buildings, floors, rooms, remainders
    from planwerk.read_locations(sources, names) as r;

    if read_n is not null then
        select array_agg(p.location_id order by p.n) into locations
        from planwerk.put_locations(
            array_fill(null::bigint, array[cardinality(read_n)]),
            array_fill('building'::text, array[cardinality(read_n)]), buildings
        ) as p;
        select array_agg(p.location_id order by p.n) into locations
        from planwerk.put_locations(locations, array_fill('floor'::text, array[cardinality(read_n)]), floors) as p;
        select array_agg(p.location_id order by p.n) into locations
        from planwerk.put_locations(locations, array_fill('room'::text, array[cardinality(read_n)]), rooms) as p;
    end if;

    with found as materialized (
        select l.source, l.id, f.location_id, f.rule_id
        from unnest(read_n, locations, rule_ids) as f (n, location_id, rule_id)
        join unnest(sources, ids) with ordinality as l (source, id, n) on l.n = f.n
    ),
    gone as (
        delete from planwerk.label_location as ll
        using unnest(sources, ids) as l (source, id)
        where ll.label_source = l.source and ll.label_id = l.id
            and not exists (
                select from found as f
                where f.source = l.source and f.id = l.id and f.location_id = ll.location_id
            )
    )
    insert into planwerk.label_location as ll (label_source, label_id, location_id, rule_id)
    select f.source, f.id, f.location_id, f.rule_id from found as f
    on conflict (label_source, label_id, location_id) do update
    set rule_id = excluded.rule_id
    where ll.rule_id <> excluded.rule_id;

    return (
        select array_agg(coalesce(r.remainder, l.name) order by l.n)
        from unnest(names) with ordinality as l (name, n)
        left join unnest(read_n, remainders) as r (n, remainder) on r.n = l.n
    );
end
$$;
comment on function planwerk.parse_label_locations(text [], text [], text []) is
'Writes the locations that labels name, creating them as needed; returns the names without them.';

create or replace function planwerk.read_task_types(sources text [], names text [])
returns table (n bigint, rule_id bigint, task_type_id smallint, remainder text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select distinct on (m.n) m.n, m.rule_id, t.id, m.remainder
    from planwerk.match_rules('task_type', sources, names) as m
    join planwerk.task_type as t on t.name = m.value
    order by m.n, m.position, m.rule_id
$$;
comment on function planwerk.read_task_types(text [], text []) is
'Task type that labels name, by the first matching rule, and the label without it.';

create or replace function planwerk.parse_label_task_types(sources text [], ids text [], names text [])
returns text []
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    read_n bigint [];
    rule_ids bigint [];
    type_ids smallint [];
    remainders text [];
begin
    select array_agg(r.n), array_agg(r.rule_id), array_agg(r.task_type_id), array_agg(r.remainder)
    into read_n, rule_ids, type_ids, remainders
    from planwerk.read_task_types(sources, names) as r;

    with found as materialized (
        select l.source, l.id, r.task_type_id, r.rule_id
        from unnest(read_n, type_ids, rule_ids) as r (n, task_type_id, rule_id)
        join unnest(sources, ids) with ordinality as l (source, id, n) on l.n = r.n
    ),
    gone as (
        delete from planwerk.label_task_type as lt
        using unnest(sources, ids) as l (source, id)
        where lt.label_source = l.source and lt.label_id = l.id
            and not exists (
                select from found as f
                where f.source = l.source and f.id = l.id and f.task_type_id = lt.task_type_id
            )
    )
    insert into planwerk.label_task_type as lt (label_source, label_id, task_type_id, rule_id)
    select f.source, f.id, f.task_type_id, f.rule_id from found as f
    on conflict (label_source, label_id, task_type_id) do update
    set rule_id = excluded.rule_id
    where lt.rule_id <> excluded.rule_id;

    return (
        select array_agg(coalesce(r.remainder, l.name) order by l.n)
        from unnest(names) with ordinality as l (name, n)
        left join unnest(read_n, remainders) as r (n, remainder) on r.n = l.n
    );
end
$$;
comment on function planwerk.parse_label_task_types(text [], text [], text []) is
'Writes the task types that labels name; returns the names without them.';

create or replace function planwerk.parse_labels(only_source text default null, only_ids text [] default null)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    sources text [];
    ids text [];
    names text [];
    rests text [];
begin
    -- One writer at a time: a label read while another session changes rules would keep the old meaning.
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));

    select array_agg(l.source), array_agg(l.source_id), array_agg(l.name)
    into sources, ids, names
    from (
        select source, source_id, coalesce(planwerk.tidy(name), '') as name
        from planwerk.label
        where (only_source is null or source = only_source)
            and (only_ids is null or source_id = any(only_ids))
        order by source, source_id
    ) as l;
    if ids is null then
        return;
    end if;

    rests := planwerk.parse_label_task_types(sources, ids, names);
    rests := planwerk.parse_label_locations(sources, ids, rests);

    with found as materialized (
        select l.source, l.id, r.rule_id, r.code, r.outcome, r.reason, r.is_guess
        from planwerk.read_cost_groups(sources, rests) as r
        join unnest(sources, ids) with ordinality as l (source, id, n) on l.n = r.n
    ),
    gone as (
        delete from planwerk.label_cost_group as lc
        using unnest(sources, ids) as l (source, id)
        where lc.label_source = l.source and lc.label_id = l.id
            and not exists (
                select from found as f where f.source = l.source and f.id = l.id and f.code = lc.code
            )
    ),
    put as (
        insert into planwerk.label_cost_group as lc (label_source, label_id, code, rule_id)
        select distinct f.source, f.id, f.code, f.rule_id from found as f where f.code is not null
        on conflict (label_source, label_id, code) do update
        set rule_id = excluded.rule_id
        where lc.rule_id <> excluded.rule_id
    ),
    result as (
        select
            l.source, l.id,
            case
                when is_found.anything and is_ignored.here then 'matched'
                when is_ignored.here then 'ignored'
                when problem.outcome is not null and not (problem.is_guess and is_found.anything) then problem.outcome
                when is_found.anything then 'matched'
                else 'unmatched'
            end as outcome,
            problem.reason as problem,
            l.name
        from unnest(sources, ids, names) with ordinality as l (source, id, name, n)
        left join (
            select distinct on (f.source, f.id) f.source, f.id, f.outcome, f.reason, f.is_guess
            from found as f
            where f.outcome <> 'matched'
            order by f.source, f.id, f.outcome, f.reason
        ) as problem on problem.source = l.source and problem.id = l.id
        left join (
            select distinct f.source, f.id from found as f where f.code is not null
        ) as coded on coded.source = l.source and coded.id = l.id
        left join (
            select distinct m.n from planwerk.match_rules('ignore', sources, names) as m
        ) as ignored on ignored.n = l.n
        left join planwerk.label_location as ll on ll.label_source = l.source and ll.label_id = l.id
        left join planwerk.label_task_type as lt
            on lt.label_source = l.source and lt.label_id = l.id
        cross join lateral (select ignored.n is not null as here) as is_ignored
        cross join lateral (
            select coded.id is not null or ll.label_id is not null or lt.label_id is not null as anything
        ) as is_found
    )
    update planwerk.label as l
    set outcome = r.outcome, reason = r.reason
    from (
        select
            result.source, result.id, result.outcome,
            case
                when result.outcome in ('matched', 'ignored') then null
                else coalesce(
                    result.problem,
                    case
                        when result.name = '' then 'The label has no name.'
                        when result.name ~* '[[:alnum:].]\s+kg[\s._-]*[0-9]{3}(?![0-9])' then
                            'KG after another word may be part of a company''s name: write the cost group first, as in “KG 410 Sanitär”.'
                        else 'No rule recognises this label: rename it, or add a rule to planwerk.rule (category ignore stops this report).'
                    end
                )
            end as reason
        from result
    ) as r
    where l.source = r.source and l.source_id = r.id
        and (l.outcome is distinct from r.outcome or l.reason is distinct from r.reason);
end
$$;
comment on function planwerk.parse_labels(text, text []) is
'Parses labels again: all of them, those of one source, or those with the given ids. Writes only what differs.';
