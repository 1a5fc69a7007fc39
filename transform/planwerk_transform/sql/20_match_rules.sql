-- One pass over rules and names: every rule is compiled once (rules are the outer side), and only
-- names that match are taken apart. Only the beginning of a name is read, for how long a pattern takes
-- may grow faster than the text.
create or replace function planwerk.match_rules(rule_category text, sources text [], names text [], paths text [])
returns table (n bigint, rule_id bigint, "position" integer, value text, captured text [], rest text, remainder text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select
        hit.n, r.id, r.position, r.value,
        -- the first capture is the whole match, the last what follows it
        hit.captured[2:array_length(hit.captured, 1) - 1],
        hit.captured[array_length(hit.captured, 1)],
        -- what stands before a match in a path is said by the names above
        btrim(
            case when r.reads = 'path' then '' else
                left(hit.text, length(hit.text) - length(hit.captured[1]) - length(hit.captured[array_length(hit.captured, 1)]))
            end
            || ' ' || hit.captured[array_length(hit.captured, 1)]
        )
    from (
        select * from planwerk.rule
        where enabled and category = rule_category
        offset 0
    ) as r
    cross join lateral (
        select matching.n, matching.text, regexp_match(matching.text, '((?:' || r.pattern || '))(.*)$', 'i') as captured
        from (
            select l.n, readable.text
            from unnest(sources, names, paths) with ordinality as l (source, name, path, n)
            cross join lateral (select case r.reads when 'path' then left(l.path, 4000) else left(l.name, 1000) end as text) as readable
            where (r.source is null or r.source = l.source) and readable.text ~* r.pattern
            offset 0
        ) as matching
        offset 0
    ) as hit
$$;
comment on function planwerk.match_rules(text, text [], text [], text []) is
'Every enabled rule of a category against every tidied name, or the path that ends with it: position in the arrays, the rule, what its groups captured, the text after the match, and what the match leaves over of the name.';
