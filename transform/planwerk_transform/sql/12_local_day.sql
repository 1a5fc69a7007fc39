-- Moments are stored in UTC; the day that people mean is the one at the office.
create or replace function planwerk.local_day(moment timestamptz) returns date
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select (moment at time zone (select s.value from planwerk.setting as s where s.name = 'timezone'))::date
$$;
comment on function planwerk.local_day(timestamptz) is
'The calendar day of a moment at the office (PLANWERK_TIMEZONE).';
