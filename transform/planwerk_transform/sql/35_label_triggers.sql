-- The triggers that keep planwerk.label equal to the raw tables: per statement, over the rows whose
-- name or deletion mark really changed.

create or replace function planwerk.labels_of_teamwork_tags() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    changed text [];
begin
    if tg_op = 'INSERT' then
        changed := array(select n.id::text from new_rows as n);
    elsif tg_op = 'DELETE' then
        changed := array(select o.id::text from old_rows as o);
    elsif tg_op = 'UPDATE' then
        changed := array(
            select coalesce(n.id, o.id)::text
            from new_rows as n
            full join old_rows as o on o.id = n.id
            where o.name is distinct from n.name
                or (o._sdc_deleted_at is null) is distinct from (n._sdc_deleted_at is null)
        );
    end if;
    -- TRUNCATE has no rows to show: null stands for all labels of the source.
    if changed is null or cardinality(changed) > 0 then
        perform planwerk.refresh_labels_safely('teamwork', 'tags', changed);
    end if;
    return null;
end
$$;
comment on function planwerk.labels_of_teamwork_tags() is 'Trigger of raw_teamwork.tags: keeps planwerk.label current.';

create or replace trigger labels_of_inserted after insert on raw_teamwork.tags
referencing new table as new_rows
for each statement execute function planwerk.labels_of_teamwork_tags();
create or replace trigger labels_of_updated after update on raw_teamwork.tags
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.labels_of_teamwork_tags();
create or replace trigger labels_of_deleted after delete on raw_teamwork.tags
referencing old table as old_rows
for each statement execute function planwerk.labels_of_teamwork_tags();
create or replace trigger labels_of_truncated after truncate on raw_teamwork.tags
for each statement execute function planwerk.labels_of_teamwork_tags();
