-- The words of the names that speak for a code: its own in both editions and those of its
-- subdivisions. They change with the reference data only, so they are worked out once: here for the
-- data at hand, and again by apply when it has written newer ones.
drop materialized view if exists planwerk.cost_group_word;
create materialized view planwerk.cost_group_word as
-- The old name of a renamed group is as good as the new one.
with named as (
    select code as for_code, 2018 as edition, true as is_own, name_de as name from planwerk.cost_group
    union all
    select parent_code, 2018, false, name_de from planwerk.cost_group where parent_code % 100 > 0
    union all
    select code, case change when 'renamed' then 2018 else 2008 end, true, name_2008
    from planwerk.cost_group_2008 where name_2008 is not null
    union all
    select code / 10 * 10, 2008, false, name_2008
    from planwerk.cost_group_2008
    where name_2008 is not null and change <> 'renamed' and code % 10 > 0
),
name_part as (
    select
        row_number() over () as part, x.name,
        -- all of 500 is in Außenanlagen: that the 2008 names say so tells no edition
        planwerk.words(regexp_replace(half.name, ' in Außenanlagen(?=,|$)', '')) as words
    from (select distinct name from named) as x
    -- "Bauwerk – Technische Anlagen" and "Baugrube/Erdbau" go by either half as well
    cross join lateral (
        select x.name
        union all
        select h from regexp_split_to_table(x.name, ' – |/') as h where x.name ~ ' – |/' and h <> 'Bauwerk'
    ) as half (name)
)
select distinct
    p.part, x.for_code, x.edition, x.is_own, cardinality(p.words) as total, w.word,
    w.word = any(planwerk.generic_words()) as is_generic
from named as x
join name_part as p on p.name = x.name
cross join lateral unnest(p.words) as w (word);
create index cost_group_word_for_code on planwerk.cost_group_word (for_code);
comment on materialized view planwerk.cost_group_word is 'Words of the names that speak for a cost group.';
comment on column planwerk.cost_group_word.part is 'Number of the name, or of a half of it.';
comment on column planwerk.cost_group_word.for_code is 'Cost group that the name speaks for.';
comment on column planwerk.cost_group_word.edition is 'Edition of DIN 276 that has the name: 2008 or 2018.';
comment on column planwerk.cost_group_word.is_own is 'The group''s own name, not that of a subdivision.';
comment on column planwerk.cost_group_word.total is 'How many words the name has.';
comment on column planwerk.cost_group_word.word is 'Stem of one of its words.';
comment on column planwerk.cost_group_word.is_generic is 'The word says nothing about a single group.';
