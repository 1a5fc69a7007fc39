-- Which cost groups a label names. A code behind KG is trusted; a bare number counts only when its
-- words resemble the group's name. Words that are the 2008 name of a number that means something
-- else today tell that the number is of the old edition; behind other words they leave it open. In
-- doubt no group is given.
create or replace function planwerk.read_cost_groups(sources text [], names text [], paths text [])
returns table (n bigint, rule_id bigint, code smallint, outcome text, reason text, is_guess boolean)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    with hit as materialized (
        select
            m.n, m.rule_id, m.position, m.value,
            cardinality(m.captured) = 2 as needs_words,
            r.codes, r.is_range,
            case when cardinality(m.captured) = 2 then m.captured[2] else r.words end as words_text
        from planwerk.match_rules('cost_group', sources, names, paths) as m
        left join lateral planwerk.read_codes(
            case when cardinality(m.captured) = 2 then m.captured[1] else m.captured[1] || m.rest end
        ) as r on m.value is null
    ),
    candidate as materialized (
        select
            h.n, h.rule_id, h.position, h.needs_words, h.is_range, h.value is not null as is_fixed,
            c.code::smallint as code,
            -- behind a list of codes the words may belong to any of them
            case when cardinality(h.codes) = 1 then planwerk.words(h.words_text) else '{}' end as words
        from hit as h
        cross join lateral unnest(
            case when h.value is not null then array[h.value] else h.codes end
        ) as c (code)
    ),
    phrase as materialized (
        select row_number() over () as id, p.code, p.words
        from (select distinct c.code, c.words from candidate as c where c.words <> '{}' and not c.is_fixed) as p
    ),
    phrase_word as materialized (
        select
            p.id, p.code, cardinality(p.words) as total, w.nth, w.word,
            w.word = any(planwerk.generic_words()) as is_generic
        from phrase as p
        cross join lateral unnest(p.words) with ordinality as w (word, nth)
    ),
    compared as materialized (
        select
            w.id, w.code, w.total, w.nth, w.is_generic,
            n.part, n.edition, n.is_own, n.total as name_total, n.word as name_word,
            planwerk.is_same_word(w.word, n.word) as is_same,
            not w.is_generic and not n.is_generic and planwerk.is_kindred_word(w.word, n.word) as is_kindred
        from phrase_word as w
        join planwerk.cost_group_word as n on n.for_code = w.code
    ),
    met as (
        select
            w.id, w.edition, w.is_own, w.code,
            -- all words of the label are in the name or all of the name in the label; a single word
            -- must be both
            greatest(w.total, w.name_total) = 1 and bool_or(w.is_same)
            or w.total > 1 and count(distinct w.nth) filter (where w.is_same) = w.total
            or w.name_total > 1 and count(distinct w.name_word) filter (where w.is_same) = w.name_total as is_covered,
            bool_or(w.is_same and not w.is_generic) as tells,
            bool_or(w.is_same and w.nth = 1) as begins,
            bool_or(w.is_same and not w.is_generic or w.is_kindred) as hints,
            bool_or((w.is_same and not w.is_generic or w.is_kindred) and w.nth = 1) as hints_first
        from compared as w
        where w.is_same or w.is_kindred
        group by w.id, w.code, w.total, w.part, w.edition, w.is_own, w.name_total
    ),
    likeness as materialized (
        select
            m.id,
            -- Below the third level of 300 and 400 a subdivision's name will do ("430 Lüftung");
            -- elsewhere such things are counted ("530 Stellplätze").
            bool_or(m.edition = 2018 and m.begins and (
                m.is_own and (m.is_covered or m.tells)
                or not m.is_own and m.tells and m.code / 100 in (3, 4)
            )) as resembles_new,
            bool_or(m.edition = 2008 and m.is_own and m.begins and (m.is_covered or m.tells)) as resembles_old,
            bool_or(m.edition = 2018 and (m.is_covered or m.hints)) as hints_new,
            bool_or(m.edition = 2008 and (m.is_covered or m.hints)) as hints_old,
            bool_or(m.edition = 2008 and (m.is_covered or m.hints_first)) as speaks_old
        from met as m
        group by m.id
    ),
    judged as (
        select
            c.*,
            now_group.code is not null as is_known,
            now_group.name_de, was_group.name_2008, was_group.change, was_group.code_2018,
            coalesce(l.resembles_new, false) as resembles_new,
            coalesce(l.resembles_old, false) as resembles_old,
            coalesce(l.hints_new, false) as hints_new,
            coalesce(l.hints_old, false) as hints_old,
            coalesce(l.speaks_old, false) as speaks_old
        from candidate as c
        left join planwerk.cost_group as now_group on now_group.code = c.code
        left join planwerk.cost_group_2008 as was_group
            on was_group.code = c.code and was_group.name_2008 is not null
        left join phrase as p on p.code = c.code and p.words = c.words
        left join likeness as l on l.id = p.id
    ),
    verdict as (
        select
            j.*,
            case
                when j.is_fixed then 'as printed'
                when j.is_range then 'range'
                when j.needs_words and j.resembles_new and j.is_known then 'as printed'
                when j.needs_words and j.resembles_old then 'old edition'
                when j.needs_words then 'no resemblance'
                when j.hints_old and not j.hints_new and j.change in ('moved', 'dropped') then
                    case when j.speaks_old or j.change = 'dropped' then 'old edition' else 'either edition' end
                when j.is_known then 'as printed'
                else 'unknown'
            end as reading
        from judged as j
    ),
    -- The first rule by position that says something counts. A number without resembling words says
    -- nothing, unless no other rule speaks: then it gives the reason.
    chosen as (
        select v.*, first_value(v.rule_id) over (
            partition by v.n order by v.reading = 'no resemblance', v.position, v.rule_id
        ) as chosen_rule
        from verdict as v
    )
    select
        c.n, c.rule_id,
        case c.reading when 'as printed' then c.code when 'old edition' then c.code_2018 end,
        case
            when c.reading = 'as printed' then 'matched'
            when c.reading = 'old edition' and c.code_2018 is not null then 'matched'
            when c.reading = 'unknown' then 'unknown_code'
            else 'unmatched'
        end,
        case c.reading
            when 'range' then format(
                'A range that begins at %s names no single cost group: write the groups one by one.', c.code)
            when 'old edition' then case when c.code_2018 is null then format(
                '%s is “%s” in DIN 276-1:2008-12 and %s in DIN 276:2018-12; the label means the 2008 group, '
                'whose subject has no single group in 2018: write a 2018 code.',
                c.code, c.name_2008, coalesce('“' || c.name_de || '”', 'no cost group')) end
            when 'either edition' then format(
                '%s is “%s” in DIN 276-1:2008-12 and “%s” in DIN 276:2018-12, and the words leave open which is meant: '
                'write a 2018 code and its name.', c.code, c.name_2008, c.name_de)
            when 'unknown' then format(
                'There is no cost group %s in DIN 276:2018-12%s: correct the number.',
                to_char(c.code, 'FM000'), coalesce(' (in DIN 276-1:2008-12 it was “' || c.name_2008 || '”)', ''))
            when 'no resemblance' then format(
                'The number %s counts as a cost group only with KG in front%s.',
                to_char(c.code, 'FM000'), coalesce(' or with words that resemble “' || c.name_de || '”', ''))
        end,
        c.reading = 'no resemblance'
    from chosen as c
    where c.rule_id = c.chosen_rule
$$;
comment on function planwerk.read_cost_groups(text [], text [], text []) is
'Cost groups that names speak of: one row per name and printed code, with the reason where none is given; is_guess marks a bare number that may be anything.';
