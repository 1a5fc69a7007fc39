-- The triggers that keep planwerk.label equal to Craft's folders. Each folder comes with its whole path,
-- so a folder that is renamed or moved changes the rows of all below it as well.

create or replace function planwerk.labels_of_craft_folders() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    changed text [];
begin
    if tg_op = 'INSERT' then
        changed := array(select n.id from new_rows as n);
    elsif tg_op = 'DELETE' then
        changed := array(select o.id from old_rows as o);
    elsif tg_op = 'UPDATE' then
        changed := array(
            select coalesce(n.id, o.id)
            from new_rows as n
            full join old_rows as o on o.id = n.id
            where (o.name, o.path, o._sdc_deleted_at is null) is distinct from (n.name, n.path, n._sdc_deleted_at is null)
        );
    end if;
    -- TRUNCATE has no rows to show: null stands for all labels of the source.
    if changed is null or cardinality(changed) > 0 then
        perform planwerk.refresh_labels_safely('craft', 'folders', changed);
    end if;
    return null;
end
$$;
comment on function planwerk.labels_of_craft_folders() is 'Trigger of raw_craft.folders: keeps planwerk.label current.';

create or replace trigger labels_of_inserted after insert on raw_craft.folders
referencing new table as new_rows
for each statement execute function planwerk.labels_of_craft_folders();
create or replace trigger labels_of_updated after update on raw_craft.folders
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.labels_of_craft_folders();
create or replace trigger labels_of_deleted after delete on raw_craft.folders
referencing old table as old_rows
for each statement execute function planwerk.labels_of_craft_folders();
create or replace trigger labels_of_truncated after truncate on raw_craft.folders
for each statement execute function planwerk.labels_of_craft_folders();
