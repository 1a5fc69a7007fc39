-- Reading labels: first what kind, then where, then the cost group in what is left over, so that KG
-- in "O-Haus A-KG-0.12" is a floor and not a cost group; and the project in the whole name. Each step
-- is one statement over all labels at hand and writes only rows that differ.
--
-- Labels nest. What is read are nodes, each name in the tree once: a label has its own at distance 0
-- and those above it at 1, 2 ... What its own name leaves open, the nearest name above that speaks of
-- it says: "Nachträge" below "KG 440" is of 440. A name with a number that was not understood lets
-- nothing from above it pass, for a wrong cost group is worse than none.

create or replace function planwerk.parse_label_locations(
    sources text [], names text [], paths text [],
    label_sources text [], label_ids text [], label_nodes bigint [], label_distances integer []
)
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
    from planwerk.read_locations(sources, names, paths) as r;

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
        select distinct on (l.source, l.id) l.source, l.id, f.location_id, f.rule_id
        from unnest(read_n, locations, rule_ids) as f (n, location_id, rule_id)
        join unnest(label_sources, label_ids, label_nodes, label_distances) as l (source, id, n, distance) on l.n = f.n
        order by l.source, l.id, l.distance
    ),
    gone as (
        delete from planwerk.label_location as ll
        using unnest(label_sources, label_ids) as l (source, id)
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
comment on function planwerk.parse_label_locations(text [], text [], text [], text [], text [], bigint [], integer []) is
'Writes the locations that labels name, creating them as needed; returns the names of the nodes without them.';

create or replace function planwerk.read_task_types(sources text [], names text [], paths text [])
returns table (n bigint, rule_id bigint, task_type_id smallint, remainder text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select distinct on (m.n) m.n, m.rule_id, t.id, m.remainder
    from planwerk.match_rules('task_type', sources, names, paths) as m
    join planwerk.task_type as t on t.name = m.value
    order by m.n, m.position, m.rule_id
$$;
comment on function planwerk.read_task_types(text [], text [], text []) is
'Task type that names speak of, by the first matching rule, and the names without it.';

create or replace function planwerk.parse_label_task_types(
    sources text [], names text [], paths text [],
    label_sources text [], label_ids text [], label_nodes bigint [], label_distances integer []
)
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
    from planwerk.read_task_types(sources, names, paths) as r;

    with found as materialized (
        select distinct on (l.source, l.id) l.source, l.id, r.task_type_id, r.rule_id
        from unnest(read_n, type_ids, rule_ids) as r (n, task_type_id, rule_id)
        join unnest(label_sources, label_ids, label_nodes, label_distances) as l (source, id, n, distance) on l.n = r.n
        order by l.source, l.id, l.distance
    ),
    gone as (
        delete from planwerk.label_task_type as lt
        using unnest(label_sources, label_ids) as l (source, id)
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
comment on function planwerk.parse_label_task_types(text [], text [], text [], text [], text [], bigint [], integer []) is
'Writes the task types that labels name; returns the names of the nodes without them.';

create or replace function planwerk.parse_labels(only_source text default null, only_ids text [] default null)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
-- A plan for any number of labels would be one for a handful; compiling would take longer than running.
set plan_cache_mode = force_custom_plan
set jit = off
as $$
declare
    sources text [];
    names text [];
    paths text [];
    rests text [];
    label_sources text [];
    label_ids text [];
    label_nodes bigint [];
    label_distances integer [];
    project_problems text [];
begin
    -- One writer at a time: a label read while another session changes rules would keep the old meaning.
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));

    with place as materialized (
        select
            l.source, l.source_id, cardinality(tidied.path) - step.n as distance,
            tidied.path[step.n] as name, array_to_string(tidied.path[:step.n], ' / ') as path
        from planwerk.label as l
        cross join lateral (
            select array_agg(coalesce(planwerk.tidy(p.name), '') order by p.n) as path
            from unnest(coalesce(nullif(l.path, '{}'), array[l.name])) with ordinality as p (name, n)
        ) as tidied
        cross join lateral generate_series(1, cardinality(tidied.path)) as step (n)
        where (only_source is null or l.source = only_source)
            and (only_ids is null or l.source_id = any(only_ids))
    ),
    node as materialized (
        -- in the order of the labels: a location keeps the spelling that came first
        select row_number() over (order by d.source, d.first_id, d.path) as n, d.source, d.name, d.path
        from (select source, name, path, min(source_id) as first_id from place group by source, name, path) as d
    )
    select of_node.*, of_label.*
    into sources, names, paths, label_sources, label_ids, label_nodes, label_distances
    from (
        select array_agg(node.source order by node.n), array_agg(node.name order by node.n), array_agg(node.path order by node.n)
        from node
    ) as of_node
    cross join (
        select array_agg(place.source), array_agg(place.source_id), array_agg(node.n), array_agg(place.distance)
        from place
        join node on node.source = place.source and node.path = place.path and node.name = place.name
    ) as of_label;
    if names is null then
        return;
    end if;

    rests := planwerk.parse_label_task_types(sources, names, paths, label_sources, label_ids, label_nodes, label_distances);
    rests := planwerk.parse_label_locations(sources, rests, paths, label_sources, label_ids, label_nodes, label_distances);
    project_problems := planwerk.parse_label_projects(
        sources, names, paths, label_sources, label_ids, label_nodes, label_distances
    );

    with said as materialized (
        select
            l.source, l.id, r.rule_id, r.code, r.outcome, r.reason, r.is_guess,
            l.distance = min(l.distance) over (partition by l.source, l.id)
            and (l.distance = 0 or r.outcome = 'matched') as counts
        from planwerk.read_cost_groups(sources, rests, paths) as r
        join unnest(label_sources, label_ids, label_nodes, label_distances) as l (source, id, n, distance) on l.n = r.n
    ),
    found as materialized (
        select s.source, s.id, s.rule_id, s.code, s.outcome, s.reason, s.is_guess
        from said as s
        where s.counts
    ),
    gone as (
        delete from planwerk.label_cost_group as lc
        using unnest(label_sources, label_ids) as l (source, id)
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
                when problem.is_guess is false then problem.outcome
                when l.project_problem is not null then 'unmatched'
                when problem.is_guess and not is_found.anything then problem.outcome
                when is_found.anything then 'matched'
                else 'unmatched'
            end as outcome,
            case
                when problem.is_guess is false then problem.reason
                else coalesce(l.project_problem, problem.reason)
            end as problem,
            l.name
        from (
            select own.source, own.id, own.n, node.name, node.project_problem
            from unnest(label_sources, label_ids, label_nodes, label_distances) as own (source, id, n, distance)
            join unnest(names, project_problems) with ordinality as node (name, project_problem, n) on node.n = own.n
            -- "= 0" would be taken for rare and planned for a handful of labels
            where own.distance < 1
        ) as l
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
            select distinct m.n from planwerk.match_rules('ignore', sources, names, paths) as m
        ) as ignored on ignored.n = l.n
        left join planwerk.label_location as ll on ll.label_source = l.source and ll.label_id = l.id
        left join planwerk.label_task_type as lt
            on lt.label_source = l.source and lt.label_id = l.id
        left join planwerk.label_project as lp on lp.label_source = l.source and lp.label_id = l.id
        cross join lateral (select ignored.n is not null as here) as is_ignored
        cross join lateral (
            select coalesce(coded.id, ll.label_id, lt.label_id, lp.label_id) is not null as anything
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
                        when not planwerk.is_weak_number(planwerk.leading_number(planwerk.fold(result.name))) then format(
                            'No living project has the number %s, and no rule recognises this label: '
                            'rename it, or add a rule to planwerk.rule (category ignore stops this report).',
                            planwerk.leading_number(planwerk.fold(result.name)))
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
