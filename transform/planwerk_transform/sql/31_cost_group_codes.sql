-- Reading a list of codes where a label has begun to name one: "410", "444.1", "43X",
-- "410/430", "410, 420 und KG 430", and telling a range ("410 bis 430"), which names no single
-- group, from a list.
create or replace function planwerk.read_codes(printed text)
returns table (codes text [], is_range boolean, words text)
language sql immutable parallel safe
as $$
    with grammar as (
        select
            -- three digits with an optional fourth level, or a placeholder for the parent group
            '(?:[0-9]{3}(?:[0-9]|(?:\.[0-9]{1,3})+)?|[0-9](?:[0-9]x|xx))(?![[:alnum:]])' as first_code,
            -- later in a list: no four-digit form (a year), and neither an amount (430.000, 430,00) nor a quantity
            '(?:[0-9]{3}(?:\.[0-9]{1,2})*|[0-9](?:[0-9]x|xx))(?![[:alnum:]]|\.[0-9]|,[0-9]{1,2}(?![0-9]))'
            || '(?!\s*[x×]\s*[0-9]|(?:\s*[/x×–-]\s*[0-9]+)*\s*(?:[vwalm]|kv|[km]wh?|k?va|mm|cm|dm|km|q?m|lf?d?m|lfd|cbm|m2|m3|m²|m³|kg|t|to|dn|'
            || 'm?bar|k?pa|db|lm|lux|lx|h|std|min|(?:t|k|tsd|mio)?\.?\s?(?:eur|euro|€)|tsd|mio|%|°|stk|st|stck|stueck|stück|mal|'
            || '[[:alpha:]]*(?:pl|plätze|plaetze)|personen|betten|teile|volt|watt|meter|liter)(?![[:alnum:]]))'
            as next_code,
            '(?:(?:kostengruppen?|kogr|kgr|kg)[\s.:_]*)?' as prefix,
            '\s*(?:[/,;+&|]|u\.?|und|sowie)\s*' as joint,
            '\s*(?:-|–|—|~|\.{2,}|…|(?:bis|to)(?:\s+(?:einschl|inkl)[[:alpha:]]*\.?)?)\s*' as span
    ),
    list as materialized (
        select
            g.*,
            (regexp_match(printed, '^' || first_code || '(?:' || joint || prefix || next_code || ')*', 'i'))[1] as text
        from grammar as g
    )
    select
        array(
            select m[1] || replace(replace(lower(m[2]), 'x', '0'), 'X', '0')
            from regexp_matches(l.text, '([0-9])([0-9][0-9x]|xx)[0-9]?(?:\.[0-9]+)*', 'gi') as m
        ),
        substr(printed, length(l.text) + 1) ~* (
            '^(?:' || span || prefix || next_code || '|\s*ff?\.?(?!\s*[0-9]|[[:alpha:]])|\s*(?:fort)?folgende\s*$)'
        ),
        regexp_replace(substr(printed, length(l.text) + 1), '^[\s:._–—-]+', '')
    from list as l
    where l.text is not null
$$;
comment on function planwerk.read_codes(text) is
'Codes that a text begins with, folded to three digits; whether they are the start of a range; and the words after them.';
