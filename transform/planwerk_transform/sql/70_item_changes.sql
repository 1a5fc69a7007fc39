-- What an item was before, for as long as there are rows to compare: an update that changes a field
-- writes one row about it. A value that was not known before is no change. Lists of ids are compared
-- sorted, for their order means nothing.

create index if not exists item_change_item on planwerk.item_change (item_kind, item_id, changed_at);
create index if not exists item_change_moment on planwerk.item_change (changed_at);
create index if not exists item_change_custom_field on planwerk.item_change (custom_field_id)
where custom_field_id is not null;

create or replace function planwerk.custom_values(entries jsonb)
returns table (custom_field_id bigint, value jsonb)
language sql immutable parallel safe
as $$
    select known.id, case count(*) when 1 then jsonb_agg(known.value) -> 0 else jsonb_agg(known.value order by known.value) end
    from (
        select
            case when e.entry ->> 'customfieldId' ~ '^[0-9]{1,18}$' then (e.entry ->> 'customfieldId')::bigint end as id,
            e.entry -> 'value' as value
        from jsonb_path_query(entries, '$[*]') as e (entry)
    ) as known
    where known.id is not null and known.value <> 'null'
    group by known.id
$$;
comment on function planwerk.custom_values(jsonb) is 'Values of custom fields as Teamwork sends them, one row per field.';

create or replace function planwerk.moment_of_change(
    old_moment timestamptz, new_moment timestamptz, was_missing_since timestamptz, missing_since timestamptz, extracted_at timestamptz
) returns timestamptz
language sql stable parallel safe
as $$
    select coalesce(
        case when new_moment is distinct from old_moment then new_moment end,
        case when was_missing_since is null then missing_since end,
        extracted_at,
        now()
    )
$$;
comment on function planwerk.moment_of_change(timestamptz, timestamptz, timestamptz, timestamptz, timestamptz) is
'When an item changed: by its own word if that moved, else when it was read.';

create or replace function planwerk.changes_of_tasks() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
begin
    if exists (
        select from new_rows as n full join old_rows as o on o.id = n.id
        where o.custom_field_values is distinct from n.custom_field_values
    ) then
        -- or a field that is being renamed would leave its old name here
        perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));
    end if;
    insert into planwerk.item_change (item_kind, item_id, field, custom_field_id, old_value, new_value, changed_at)
    select
        'task', n.id::text, c.field, c.custom_field_id, c.old_value, c.new_value,
        planwerk.moment_of_change(o.updated_at, n.updated_at, o._sdc_deleted_at, n._sdc_deleted_at, n._sdc_extracted_at)
    from new_rows as n
    -- "full": never planned as a loop, whatever the first statement of a session had
    full join old_rows as o on o.id = n.id
    cross join lateral (
        select f.field, null::bigint as custom_field_id, f.old_value, f.new_value
        from (
            values
            (
                'status',
                to_jsonb(case when coalesce(o.deleted_at, o._sdc_deleted_at) is not null then 'deleted' else o.status end),
                to_jsonb(case when coalesce(n.deleted_at, n._sdc_deleted_at) is not null then 'deleted' else n.status end)
            ),
            ('start_on', to_jsonb(o.start_on), to_jsonb(n.start_on)),
            ('due_on', to_jsonb(o.due_on), to_jsonb(n.due_on)),
            ('project_id', to_jsonb(o.project_id), to_jsonb(n.project_id))
        ) as f (field, old_value, new_value)
        where f.old_value is distinct from f.new_value
            -- every task has a status and a project: none means not said
            and (f.field not in ('status', 'project_id') or f.old_value is not null and f.new_value is not null)
        union all
        select l.field, null, l.old_list, l.new_list
        from (
            values
            ('label_ids', o.tag_ids, n.tag_ids),
            ('assignee_user_ids', o.assignee_user_ids, n.assignee_user_ids),
            ('assignee_team_ids', o.assignee_team_ids, n.assignee_team_ids),
            ('assignee_company_ids', o.assignee_company_ids, n.assignee_company_ids)
        ) as ids (field, old_ids, new_ids)
        cross join lateral (
            select
                ids.field,
                to_jsonb(array(select distinct i.id from unnest(ids.old_ids) as i (id) order by i.id)) as old_list,
                to_jsonb(array(select distinct i.id from unnest(ids.new_ids) as i (id) order by i.id)) as new_list
            where ids.old_ids is distinct from ids.new_ids
            offset 0
        ) as l
        where l.old_list <> l.new_list
        union all
        select coalesce(nullif(btrim(d.name), ''), 'Custom field ' || v.custom_field_id), v.custom_field_id, v.old_value, v.new_value
        from (
            select coalesce(a.custom_field_id, b.custom_field_id) as custom_field_id, a.value as old_value, b.value as new_value
            from planwerk.custom_values(o.custom_field_values) as a
            full join planwerk.custom_values(n.custom_field_values) as b on b.custom_field_id = a.custom_field_id
        ) as v
        left join raw_teamwork.custom_fields as d on d.id = v.custom_field_id
        where o.custom_field_values is distinct from n.custom_field_values and v.old_value is distinct from v.new_value
    ) as c
    where (
        o.status, o.deleted_at, o._sdc_deleted_at, o.start_on, o.due_on, o.project_id, o.assignee_user_ids,
        o.assignee_team_ids, o.assignee_company_ids, o.tag_ids, o.custom_field_values
    ) is distinct from (
        n.status, n.deleted_at, n._sdc_deleted_at, n.start_on, n.due_on, n.project_id, n.assignee_user_ids,
        n.assignee_team_ids, n.assignee_company_ids, n.tag_ids, n.custom_field_values
    );
    return null;
exception when others then
    perform planwerk.record_trigger_error('teamwork', tg_table_name, null, 'The changes of a batch of tasks are not in item_change: ' || sqlerrm);
    return null;
end
$$;
comment on function planwerk.changes_of_tasks() is 'Trigger of raw_teamwork.tasks: writes planwerk.item_change.';

create or replace function planwerk.changes_of_conversations() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
begin
    insert into planwerk.item_change (item_kind, item_id, field, old_value, new_value, changed_at)
    select
        'conversation', n.id, c.field, c.old_value, c.new_value,
        planwerk.moment_of_change(o.last_activity_at, n.last_activity_at, null, null, n._sdc_extracted_at)
    from new_rows as n
    full join old_rows as o on o.id = n.id
    cross join lateral (
        select 'status' as field, to_jsonb(s.old_status) as old_value, to_jsonb(s.new_status) as new_value
        from (
            select
                planwerk.conversation_status(o.merged_into_id, o.is_deleted, o.is_trashed, o.is_junked, o.users) as old_status,
                planwerk.conversation_status(n.merged_into_id, n.is_deleted, n.is_trashed, n.is_junked, n.users) as new_status
        ) as s
        -- Until it was read in full once, only its end is known.
        where s.old_status <> s.new_status and (o.is_trashed is not null or s.old_status in ('deleted', 'merged'))
            and (n.is_trashed is not null or s.new_status in ('deleted', 'merged'))
        union all
        select 'team_id', to_jsonb(o.team_id), to_jsonb(n.team_id)
        where o.team_id is distinct from n.team_id and o.is_trashed is not null
        union all
        select l.field, l.old_list, l.new_list
        from (
            values
            ('label_ids', o.shared_label_ids, n.shared_label_ids),
            ('assignee_ids', o.assignee_ids, n.assignee_ids)
        ) as ids (field, old_ids, new_ids)
        cross join lateral (
            select
                ids.field,
                to_jsonb(array(select distinct i.id from unnest(ids.old_ids) as i (id) order by i.id)) as old_list,
                to_jsonb(array(select distinct i.id from unnest(ids.new_ids) as i (id) order by i.id)) as new_list
            -- and not null, which is unknown
            where ids.old_ids <> ids.new_ids
            offset 0
        ) as l
        where l.old_list <> l.new_list
    ) as c
    where (o.merged_into_id, o.is_deleted, o.is_trashed, o.is_junked, o.users, o.team_id, o.assignee_ids, o.shared_label_ids)
        is distinct from
        (n.merged_into_id, n.is_deleted, n.is_trashed, n.is_junked, n.users, n.team_id, n.assignee_ids, n.shared_label_ids);
    return null;
exception when others then
    perform planwerk.record_trigger_error(
        'missive', tg_table_name, null, 'The changes of a batch of conversations are not in item_change: ' || sqlerrm
    );
    return null;
end
$$;
comment on function planwerk.changes_of_conversations() is 'Trigger of raw_missive.conversations: writes planwerk.item_change.';

create or replace function planwerk.changes_of_documents() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
begin
    insert into planwerk.item_change (item_kind, item_id, field, old_value, new_value, changed_at)
    select
        'document', n.id, c.field, c.old_value, c.new_value,
        planwerk.moment_of_change(o.last_modified_at, n.last_modified_at, o._sdc_deleted_at, n._sdc_deleted_at, n._sdc_extracted_at)
    from new_rows as n
    full join old_rows as o on o.id = n.id
    cross join lateral (
        select f.field, f.old_value, f.new_value
        from (
            values
            (
                'status',
                to_jsonb(planwerk.document_status(o.location, o.is_deleted, o._sdc_deleted_at)),
                to_jsonb(planwerk.document_status(n.location, n.is_deleted, n._sdc_deleted_at))
            ),
            ('folder_id', to_jsonb(o.folder_id), to_jsonb(n.folder_id)),
            ('label_ids', to_jsonb(o.folder_ids), to_jsonb(n.folder_ids))
        ) as f (field, old_value, new_value)
        where f.old_value is distinct from f.new_value
            -- a link that shows no folders says nothing of them
            and (f.field = 'status' or o.folder_ids is not null and n.folder_ids is not null)
    ) as c
    where (o.location, o.is_deleted, o._sdc_deleted_at, o.folder_id, o.folder_ids)
        is distinct from (n.location, n.is_deleted, n._sdc_deleted_at, n.folder_id, n.folder_ids);
    return null;
exception when others then
    perform planwerk.record_trigger_error(
        'craft', tg_table_name, null, 'The changes of a batch of documents are not in item_change: ' || sqlerrm
    );
    return null;
end
$$;
comment on function planwerk.changes_of_documents() is 'Trigger of raw_craft.documents: writes planwerk.item_change.';

create or replace trigger changes_of_updated after update on raw_teamwork.tasks
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.changes_of_tasks();
create or replace trigger changes_of_updated after update on raw_missive.conversations
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.changes_of_conversations();
create or replace trigger changes_of_updated after update on raw_craft.documents
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.changes_of_documents();

create or replace function planwerk.refresh_change_fields(only_ids bigint [] default null)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));

    update planwerk.item_change as c
    set field = named.name
    from (
        select f.id, btrim(f.name) as name from raw_teamwork.custom_fields as f
        where btrim(f.name) <> '' and (only_ids is null or f.id = any(only_ids))
    ) as named
    where c.custom_field_id = named.id and c.field <> named.name;
end
$$;
comment on function planwerk.refresh_change_fields(bigint []) is
'Gives changes of custom fields, all or those of some fields, the names that these have today.';

create or replace function planwerk.follow_custom_fields() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    renamed bigint [];
begin
    if tg_op = 'INSERT' then
        renamed := array(select n.id from new_rows as n);
    else
        renamed := array(
            select n.id from new_rows as n full join old_rows as o on o.id = n.id where o.name is distinct from n.name
        );
    end if;
    if cardinality(renamed) > 0 then
        perform planwerk.refresh_change_fields(renamed);
    end if;
    return null;
exception when others then
    perform planwerk.record_trigger_error('teamwork', tg_table_name, null, sqlerrm);
    return null;
end
$$;
comment on function planwerk.follow_custom_fields() is
'Trigger of raw_teamwork.custom_fields: the history follows their names.';

create or replace trigger follow_inserted after insert on raw_teamwork.custom_fields
referencing new table as new_rows
for each statement execute function planwerk.follow_custom_fields();
create or replace trigger follow_updated after update on raw_teamwork.custom_fields
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.follow_custom_fields();
