-- Which project a label names. Rules say which part of a name may be one; that part is compared with
-- all projects, and the first rule by position that fits any counts. The best likeness wins; where two
-- projects are equally like it, none is taken and the reason names them. A number that may as well be
-- a year or a cost group needs a word of the project's name behind it.

create or replace function planwerk.read_projects(sources text [], names text [], paths text [])
returns table (n bigint, rule_id bigint, project_id bigint, reason text, keys text [])
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with said as materialized (
        select
            m.n, m.rule_id, m.position, m.value is not null as is_fixed,
            coalesce(m.value, m.captured[1]) as text,
            -- names from several levels are one name or none: the number in front is said by the one above
            r.reads = 'name' or position(' / ' in m.captured[1]) = 0 as may_be_numbered
        from planwerk.match_rules('project', sources, names, paths) as m
        join planwerk.rule as r on r.id = m.rule_id
    ),
    -- each function once per text: in one query they would be repeated for every form
    folded as materialized (
        select t.text, planwerk.project_key(t.text) as whole from (select distinct said.text from said) as t
    ),
    spelled as materialized (
        select f.text, f.whole, planwerk.without_signs(f.whole) as plain, planwerk.leading_number(f.whole) as number
        from folded as f
    ),
    candidate as materialized (
        select s.n, s.rule_id, s.position, s.text, form.likeness::smallint as likeness, form.key
        from said as s
        join spelled as f on f.text = s.text
        cross join lateral (
            values
            (0, case when s.is_fixed and f.whole ~ '^[0-9]+$' then '#' || f.whole end),
            (1, f.whole),
            (2, f.plain),
            (3, f.plain),
            (4, case when s.may_be_numbered then f.number end)
        ) as form (likeness, key)
        where form.key <> ''
    ),
    fit as materialized (
        select
            c.n, c.rule_id, p.project_id, p.name,
            rank() over (partition by c.n order by c.position, c.rule_id, c.likeness) as place
        from candidate as c
        join planwerk.project_name as p on p.key = c.key and p.likeness = c.likeness
        where c.likeness < 4 or not planwerk.is_weak_number(c.key) or exists (
            select from unnest(planwerk.words(c.text)) as w (word)
            where w.word = any(planwerk.words(p.name)) and w.word <> all(planwerk.generic_words())
        )
    ),
    best as (
        select
            f.n, f.rule_id, count(*) as fitting, min(f.project_id) as project_id,
            array_to_string((array_agg(format('“%s” (%s)', f.name, f.project_id) order by f.project_id))[:5], ', ')
            || case when count(*) > 5 then format(' and %s more', count(*) - 5) else '' end as listed
        from fit as f
        where f.place = 1
        group by f.n, f.rule_id
    ),
    missing as (
        select distinct on (s.n) s.n, s.rule_id, s.text
        from said as s
        where s.is_fixed
        order by s.n, s.position, s.rule_id
    ),
    key_of as (
        select c.n, array_agg(distinct c.key) as keys from candidate as c group by c.n
    )
    select
        k.n, coalesce(b.rule_id, m.rule_id),
        case when b.fitting = 1 then b.project_id end,
        case
            when b.fitting > 1 then format(
                'These projects fit, and none better than the others: %s. Write the whole name of one, '
                'or add a rule of category project with its id.', b.listed)
            when b.n is null and m.n is not null then format(
                'Rule %s says that this is the project “%s”, and there is none of this id or name: correct the rule.',
                m.rule_id, m.text)
        end,
        k.keys
    from key_of as k
    left join best as b on b.n = k.n
    left join missing as m on m.n = k.n
$$;
comment on function planwerk.read_projects(text [], text [], text []) is
'The one project that names speak of, or why there is none, by the first rule that fits; and what a project may be called that the name stands for.';

create or replace function planwerk.parse_label_projects(
    sources text [], names text [], paths text [],
    label_sources text [], label_ids text [], label_nodes bigint [], label_distances integer []
)
returns text []
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    reasons text [];
begin
    with read as materialized (
        select r.* from planwerk.read_projects(sources, names, paths) as r
    ),
    on_label as materialized (
        select l.source, l.id, l.distance, r.project_id, r.rule_id, r.reason, r.keys
        from read as r
        join unnest(label_sources, label_ids, label_nodes, label_distances) as l (source, id, n, distance) on l.n = r.n
    ),
    nearest as materialized (
        select distinct on (o.source, o.id) o.source, o.id, o.project_id, o.rule_id
        from on_label as o
        where o.project_id is not null or o.reason is not null
        order by o.source, o.id, o.distance
    ),
    gone as (
        delete from planwerk.label_project as lp
        using unnest(label_sources, label_ids) as l (source, id)
        where lp.label_source = l.source and lp.label_id = l.id
            and not exists (
                select from nearest as n where n.source = l.source and n.id = l.id and n.project_id is not null
            )
    ),
    put as (
        insert into planwerk.label_project as lp (label_source, label_id, project_id, rule_id)
        select n.source, n.id, n.project_id, n.rule_id from nearest as n where n.project_id is not null
        on conflict (label_source, label_id) do update
        set project_id = excluded.project_id, rule_id = excluded.rule_id
        where lp.project_id <> excluded.project_id or lp.rule_id <> excluded.rule_id
    ),
    noted as (
        update planwerk.label as l
        set project_keys = k.keys
        from (
            select own.source, own.id, coalesce(heard.keys, '{}') as keys
            from (select distinct e.source, e.id from unnest(label_sources, label_ids) as e (source, id)) as own
            left join (
                select o.source, o.id, array_agg(distinct key.key order by key.key) as keys
                from on_label as o
                cross join lateral unnest(o.keys) as key (key)
                group by o.source, o.id
            ) as heard on heard.source = own.source and heard.id = own.id
        ) as k
        where l.source = k.source and l.source_id = k.id and l.project_keys is distinct from k.keys
    )
    select array_agg(r.reason order by node.n) into reasons
    from unnest(names) with ordinality as node (name, n)
    left join read as r on r.n = node.n;
    return reasons;
end
$$;
comment on function planwerk.parse_label_projects(text [], text [], text [], text [], text [], bigint [], integer []) is
'Writes the projects that labels name; returns for each node why it names none, where it should.';

-- A function and no subquery in the views: planned as costly, it would keep searches off the indexes.
-- Whoever may read the views need not read the tables.
create or replace function planwerk.project_of_item(kind text, id text, label_source text, label_ids text [])
returns bigint
language sql stable parallel safe security definer cost 20
set search_path = pg_catalog, pg_temp
as $$
    with word as (
        select a.project_id, a.verdict
        from planwerk.assignment as a
        where a.item_kind = project_of_item.kind and a.item_id = project_of_item.id and a.category = 'project'
    ),
    said as (
        select w.project_id from word as w where w.verdict = 'include'
        union
        select x.project_id
        from planwerk.label_project as x
        join planwerk.label as l on l.source = x.label_source and l.source_id = x.label_id
        where x.label_source = project_of_item.label_source and x.label_id = any(project_of_item.label_ids)
            and not l.is_deleted
            and not exists (select from word as w where w.project_id = x.project_id or w.verdict = 'include')
    )
    select case when count(*) = 1 then min(said.project_id) end from said
$$;
comment on function planwerk.project_of_item(text, text, text, text []) is
'The one project of an item with labels: what a person said, else what the labels say; none if that is several.';
