-- The triggers that have labels read again when a project comes, goes or is called otherwise: those
-- labels that may mean a project of the old or the new name.

create or replace function planwerk.refresh_projects(changed_ids bigint [])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    changed text [];
    concerned record;
begin
    -- before looking for labels: one that another session is about to commit would be missed
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));
    changed := planwerk.refresh_project_names(changed_ids);
    if cardinality(changed) = 0 then
        return;
    end if;
    for concerned in
        select l.source, array_agg(l.source_id) as ids
        from planwerk.label as l
        where l.project_keys && changed
        group by l.source
        order by l.source
    loop
        perform planwerk.parse_labels(concerned.source, concerned.ids);
    end loop;
end
$$;
comment on function planwerk.refresh_projects(bigint []) is
'Learns the names of the given projects, or of all, and reads the labels again that may mean one of them.';

create or replace function planwerk.labels_of_teamwork_projects() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    changed bigint [];
    one bigint;
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
            where (o.name, o.project_number, o.type, o.status, o.deleted_at is null, o._sdc_deleted_at is null)
                is distinct from (n.name, n.project_number, n.type, n.status, n.deleted_at is null, n._sdc_deleted_at is null)
        );
    end if;
    if cardinality(changed) = 0 then
        return null;
    end if;
    -- TRUNCATE has no rows to show: null stands for all projects.
    begin
        perform planwerk.refresh_projects(changed);
    exception when others then
        if changed is null then
            perform planwerk.record_trigger_error('teamwork', 'projects', null, sqlerrm);
            return null;
        end if;
        -- One at a time, so that one bad name does not keep the others from being learnt.
        foreach one in array changed loop
            begin
                perform planwerk.refresh_projects(array[one]);
            exception when others then
                perform planwerk.record_trigger_error('teamwork', 'projects', one::text, sqlerrm);
            end;
        end loop;
    end;
    return null;
end
$$;
comment on function planwerk.labels_of_teamwork_projects() is
'Trigger of raw_teamwork.projects: keeps the projects of the labels current.';

create or replace trigger labels_of_inserted after insert on raw_teamwork.projects
referencing new table as new_rows
for each statement execute function planwerk.labels_of_teamwork_projects();
create or replace trigger labels_of_updated after update on raw_teamwork.projects
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.labels_of_teamwork_projects();
create or replace trigger labels_of_deleted after delete on raw_teamwork.projects
referencing old table as old_rows
for each statement execute function planwerk.labels_of_teamwork_projects();
create or replace trigger labels_of_truncated after truncate on raw_teamwork.projects
for each statement execute function planwerk.labels_of_teamwork_projects();
