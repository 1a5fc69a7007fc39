-- Locations may be renamed by hand; the path follows.
create or replace function planwerk.refresh_location_paths()
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
    with recursive tree as (
        select l.id, array[l.name] as path from planwerk.location as l where l.parent_id is null
        union all
        select l.id, t.path || l.name from planwerk.location as l join tree as t on l.parent_id = t.id
    )
    update planwerk.location as l set path = t.path
    from tree as t
    where l.id = t.id and l.path <> t.path
$$;
comment on function planwerk.refresh_location_paths() is 'Makes the paths of locations what the names say.';

create or replace function planwerk.follow_location_names() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform planwerk.refresh_location_paths();
    return null;
end
$$;
comment on function planwerk.follow_location_names() is 'Trigger of planwerk.location: keeps path in step with the names.';

create or replace trigger follow_names after update of name on planwerk.location
for each statement execute function planwerk.follow_location_names();
