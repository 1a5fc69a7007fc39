-- Locations may be renamed and moved by hand; the path follows.
create or replace function planwerk.follow_location_names() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    with recursive tree as (
        select l.id, array[l.name] as path from planwerk.location as l where l.parent_id is null
        union all
        select l.id, t.path || l.name from planwerk.location as l join tree as t on l.parent_id = t.id
    )
    update planwerk.location as l set path = t.path
    from tree as t
    where l.id = t.id and l.path <> t.path;
    return null;
end
$$;
comment on function planwerk.follow_location_names() is 'Trigger of planwerk.location: keeps path in step with name and parent.';

create or replace trigger follow_names after update of name, parent_id on planwerk.location
for each statement execute function planwerk.follow_location_names();
