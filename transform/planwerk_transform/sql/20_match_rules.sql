-- One pass over rules and labels: every rule is compiled once (rules are the outer side), and only
-- labels that match are taken apart.
create or replace function planwerk.match_rules(rule_category text, sources text [], names text [])
returns table (n bigint, rule_id bigint, "position" integer, value text, captured text [], rest text, remainder text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select
        hit.n, r.id, r.position, r.value,
        -- the first capture is the whole match, the last what follows it
        hit.captured[2:array_length(hit.captured, 1) - 1],
        hit.captured[array_length(hit.captured, 1)],
        btrim(
            left(hit.name, length(hit.name) - length(hit.captured[1]) - length(hit.captured[array_length(hit.captured, 1)]))
            || ' ' || hit.captured[array_length(hit.captured, 1)]
        )
    from (
        select * from planwerk.rule
        where enabled and category = rule_category
        offset 0
    ) as r
    cross join lateral (
        select matching.n, matching.name, regexp_match(matching.name, '((?:' || r.pattern || '))(.*)$', 'i') as captured
        from (
            select l.n, l.name
            from unnest(sources, names) with ordinality as l (source, name, n)
            where (r.source is null or r.source = l.source) and l.name ~* r.pattern
            offset 0
        ) as matching
        offset 0
    ) as hit
$$;
comment on function planwerk.match_rules(text, text [], text []) is
'Every enabled rule of a category against every tidied label name: position of the label in the arrays, the rule, what its groups captured, the text after the match, and the name without the match.';
