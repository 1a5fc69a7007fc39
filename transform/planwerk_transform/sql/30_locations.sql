-- Buildings, floors and rooms. Labels name them in many spellings; a location is found again by the
-- folded spelling of its name below its parent, floors by their canonical name.

create or replace function planwerk.floor_name(spelled text) returns text
language sql immutable parallel safe strict
as $$
    select coalesce(case
        when letters is null then null
        when digits is null then letters
        else digits || '. ' || letters
    end, planwerk.tidy(spelled))
    from (
        select
            ltrim(substring(folded from '[0-9]+'), '0') as digits,
            case
                when folded !~ '^(?:[0-9]{1,2})?[a-z]+(?:[0-9]{1,2})?$' then null
                else case regexp_replace(folded, '[0-9]', '', 'g')
                    when 'eg' then 'EG' when 'erdgeschoss' then 'EG'
                    when 'og' then 'OG' when 'obergeschoss' then 'OG'
                    when 'ug' then 'UG' when 'untergeschoss' then 'UG'
                    when 'kg' then 'KG' when 'keller' then 'KG' when 'kellergeschoss' then 'KG'
                    when 'dg' then 'DG' when 'dachgeschoss' then 'DG'
                    when 'zg' then 'ZG' when 'zwischengeschoss' then 'ZG'
                    when 'sg' then 'SG' when 'staffelgeschoss' then 'SG'
                    when 'tg' then 'TG' when 'tiefgarage' then 'TG'
                end
            end as letters
        from (select regexp_replace(planwerk.fold(spelled), '[ ._]', '', 'g') as folded) as f
    ) as parts
$$;
comment on function planwerk.floor_name(text) is
'Canonical name of a floor: 1.OG, OG1 and OG 1 are all 1. OG; a name it does not know comes back tidied.';

create or replace function planwerk.read_locations(sources text [], names text [], paths text [])
returns table (n bigint, rule_id bigint, building text, floor text, room text, remainder text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with place as materialized (
        select distinct on (m.n)
            m.n, m.rule_id,
            btrim(m.captured[1]) as building,
            nullif(btrim(m.captured[2]), '') as floor,
            nullif(btrim(m.captured[3]), '') as room,
            m.remainder
        from planwerk.match_rules('location', sources, names, paths) as m
        where btrim(m.captured[1]) <> ''
            -- Longer ones are no names, and no index could hold them.
            and greatest(length(m.captured[1]), length(m.captured[2]), length(m.captured[3])) <= 300
        order by m.n, m.position, m.rule_id
    ),
    -- many labels, few floors
    floor_spelling as materialized (
        select f.spelled, planwerk.floor_name(f.spelled) as name
        from (select distinct p.floor as spelled from place as p where p.floor is not null) as f
    )
    select p.n, p.rule_id, p.building, f.name, p.room, p.remainder
    from place as p
    left join floor_spelling as f on f.spelled = p.floor
$$;
comment on function planwerk.read_locations(text [], text [], text []) is
'Building, floor and room that names speak of, by the first matching rule, and the names without them.';

create or replace view planwerk.merged_location as
with recursive step as (
    select l.id, l.merged_into_id from planwerk.location as l where l.merged_into_id is not null
    union
    select s.id, l.merged_into_id
    from step as s
    join planwerk.location as l on l.id = s.merged_into_id
    where l.merged_into_id is not null
)
select
    s.id,
    s.merged_into_id as survivor_id
from step as s
where not exists (
    select from planwerk.location as l where l.id = s.merged_into_id and l.merged_into_id is not null
);
comment on view planwerk.merged_location is 'Spellings of locations that stand for another one, over any number of merges.';
comment on column planwerk.merged_location.id is 'Location that no label names any more.';
comment on column planwerk.merged_location.survivor_id is 'Location that stands for it.';

create or replace function planwerk.put_locations(parents bigint [], kinds text [], names text [])
returns table (n bigint, location_id bigint)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Ordered, so that two sessions meet the same new names in the same order.
    insert into planwerk.location (parent_id, kind, name, spelling_key, path)
    select distinct on (coalesce(w.parent, 0), w.kind, planwerk.fold(w.name))
        w.parent, w.kind, w.name, planwerk.fold(w.name), coalesce(p.path, '{}') || w.name
    from unnest(parents, kinds, names) with ordinality as w (parent, kind, name, n)
    left join planwerk.location as p on p.id = w.parent
    where w.name is not null and not exists (
        select from planwerk.location as l
        where coalesce(l.parent_id, 0) = coalesce(w.parent, 0)
            and l.kind = w.kind and l.spelling_key = planwerk.fold(w.name)
    )
    order by coalesce(w.parent, 0), w.kind, planwerk.fold(w.name), w.n
    on conflict (coalesce(parent_id, 0), kind, spelling_key) do nothing;

    return query
    select w.n, coalesce(merged.survivor_id, l.id, w.parent)
    from unnest(parents, kinds, names) with ordinality as w (parent, kind, name, n)
    left join planwerk.location as l
        on coalesce(l.parent_id, 0) = coalesce(w.parent, 0)
        and l.kind = w.kind and l.spelling_key = planwerk.fold(w.name)
    left join planwerk.merged_location as merged on merged.id = l.id;
end
$$;
comment on function planwerk.put_locations(bigint [], text [], text []) is
'Ids of locations by parent, kind and name; creates those that are missing, follows those that were merged. Without a name the location is the parent.';
