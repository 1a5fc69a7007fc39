-- The triggers that keep planwerk.label equal to Missive's labels. A label's path has the names above
-- it, so a change is read again with all that is below; a label that is not listed comes with the
-- conversations that carry it, and only those are looked at.

create or replace function planwerk.labels_of_missive_shared_labels() returns trigger
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
            where (o.name, o.parent_id, o.name_with_parent_names, o._sdc_deleted_at is null)
                is distinct from (n.name, n.parent_id, n.name_with_parent_names, n._sdc_deleted_at is null)
        );
    end if;
    begin
        -- TRUNCATE has no rows to show: null stands for all labels of the source.
        if changed is null then
            perform planwerk.refresh_unlisted_labels();
        elsif cardinality(changed) > 0 then
            perform planwerk.refresh_unlisted_labels(changed);
            changed := planwerk.missive_labels_below(changed);
        end if;
    exception when others then
        perform planwerk.record_trigger_error('missive', 'shared_labels', null, sqlerrm);
    end;
    if changed is null or cardinality(changed) > 0 then
        perform planwerk.refresh_labels_safely('missive', 'shared_labels', changed);
    end if;
    return null;
end
$$;
comment on function planwerk.labels_of_missive_shared_labels() is
'Trigger of raw_missive.shared_labels: keeps planwerk.label current.';

create or replace function planwerk.labels_of_missive_conversations() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- A plan for a first statement of one row would be none for one of many.
set plan_cache_mode = force_custom_plan
as $$
declare
    concerned boolean := true;
    carrying text [] := '{}';
    bereft text [] := '{}';
    changed text [] := '{}';
begin
    if tg_op = 'INSERT' then
        concerned := exists (select from new_rows as n where n.shared_label_ids <> '{}');
    elsif tg_op = 'UPDATE' then
        concerned := exists (select from new_rows as n where n.shared_label_ids <> '{}')
            or exists (select from old_rows as o where o.shared_label_ids <> '{}');
    end if;
    if not concerned then
        return null;
    end if;
    begin
        -- before looking: a list of labels that another session is about to commit would be missed
        perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));
        if tg_op in ('INSERT', 'UPDATE') then
            carrying := array(
                select distinct n.id
                from new_rows as n
                cross join unnest(n.shared_label_ids) as label (id)
                where not exists (
                    select from raw_missive.shared_labels as l where l.id = label.id and l._sdc_deleted_at is null
                )
            );
        end if;
        -- What is known of these labels is what a row said that no longer says it.
        if tg_op = 'UPDATE' then
            bereft := array(
                select distinct u.id
                from old_rows as o
                cross join unnest(o.shared_label_ids) as label (id)
                join planwerk.unlisted_label as u on u.id = label.id
                cross join lateral planwerk.labels_seen_at(o.is_guest, o.is_deleted, o.merged_into_id, o._sdc_extracted_at) as was (seen_at)
                where u.seen_at is not distinct from was.seen_at
                    and not exists (
                        select from new_rows as n
                        where n.id = o.id and label.id = any(n.shared_label_ids)
                            and planwerk.labels_seen_at(n.is_guest, n.is_deleted, n.merged_into_id, n._sdc_extracted_at)
                            > coalesce(was.seen_at, '-infinity')
                    )
            );
        elsif tg_op = 'DELETE' then
            bereft := array(
                select distinct u.id
                from old_rows as o
                cross join unnest(o.shared_label_ids) as label (id)
                join planwerk.unlisted_label as u on u.id = label.id
            );
        end if;
        if tg_op = 'TRUNCATE' then
            changed := planwerk.refresh_unlisted_labels();
        else
            if cardinality(carrying) > 0 then
                changed := planwerk.add_unlisted_labels(carrying);
            end if;
            if cardinality(bereft) > 0 then
                changed := changed || planwerk.refresh_unlisted_labels(bereft);
            end if;
        end if;
        if cardinality(changed) > 0 then
            changed := planwerk.missive_labels_below(changed);
        end if;
    exception when others then
        perform planwerk.record_trigger_error('missive', 'conversations', null, sqlerrm);
    end;
    if cardinality(changed) > 0 then
        perform planwerk.refresh_labels_safely('missive', 'conversations', changed);
    end if;
    return null;
end
$$;
comment on function planwerk.labels_of_missive_conversations() is
'Trigger of raw_missive.conversations: reads the labels that they carry and /shared_labels does not list.';

create or replace trigger labels_of_inserted after insert on raw_missive.shared_labels
referencing new table as new_rows
for each statement execute function planwerk.labels_of_missive_shared_labels();
create or replace trigger labels_of_updated after update on raw_missive.shared_labels
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.labels_of_missive_shared_labels();
create or replace trigger labels_of_deleted after delete on raw_missive.shared_labels
referencing old table as old_rows
for each statement execute function planwerk.labels_of_missive_shared_labels();
create or replace trigger labels_of_truncated after truncate on raw_missive.shared_labels
for each statement execute function planwerk.labels_of_missive_shared_labels();

create or replace trigger labels_of_inserted after insert on raw_missive.conversations
referencing new table as new_rows
for each statement execute function planwerk.labels_of_missive_conversations();
create or replace trigger labels_of_updated after update on raw_missive.conversations
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.labels_of_missive_conversations();
create or replace trigger labels_of_deleted after delete on raw_missive.conversations
referencing old table as old_rows
for each statement execute function planwerk.labels_of_missive_conversations();
create or replace trigger labels_of_truncated after truncate on raw_missive.conversations
for each statement execute function planwerk.labels_of_missive_conversations();
