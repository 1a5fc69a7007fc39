-- Living items by the month in which they were created, for the 36 months up to the newest. In front a
-- row without a month: what is older, without a date, or dated in the future.
with created as (
    select kind, date_trunc('month', created_at)::date as month, count(*) as items
    from planwerk.item
    where not is_deleted
    group by kind, date_trunc('month', created_at)
),
span as (
    select newest.month as last_month, (newest.month - interval '35 months')::date as first_month
    from (select max(month) as month from created where month <= now()) as newest
),
shown as (
    select c.kind, c.items, case when c.month between s.first_month and s.last_month then c.month end as month
    from created as c
    cross join span as s
),
month as (
    select generate_series(min(month), max(month), interval '1 month')::date as month from shown
    union all
    select null where exists (select from shown where month is null)
)
select
    m.month,
    coalesce(sum(s.items) filter (where s.kind = 'task'), 0)::bigint as teamwork,
    coalesce(sum(s.items) filter (where s.kind = 'conversation'), 0)::bigint as missive,
    coalesce(sum(s.items) filter (where s.kind = 'document'), 0)::bigint as craft
from month as m
left join shown as s on s.month is not distinct from m.month
group by m.month
order by m.month nulls first
