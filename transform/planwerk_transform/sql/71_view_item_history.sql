-- Changes with names instead of ids.
create or replace function planwerk.readable_value(item_kind text, field text, value jsonb) returns text
language sql stable
security definer  -- readers of the view may read no raw table
set search_path = pg_catalog, pg_temp
as $$
    select case
        when jsonb_typeof(value) = 'array' then (
            select string_agg(
                coalesce(
                    case
                        when field = 'label_ids' then (
                            select l.name from planwerk.label as l
                            where l.source = case item_kind when 'task' then 'teamwork' when 'conversation' then 'missive' else 'craft' end
                                and l.source_id = e.id
                        )
                        when field = 'assignee_ids' then (select u.name from raw_missive.users as u where u.id = e.id)
                        when field = 'assignee_user_ids' then (
                            select concat_ws(' ', p.first_name, p.last_name) from raw_teamwork.people as p where p.id = e.id::bigint
                        )
                        when field = 'assignee_team_ids' then (select t.name from raw_teamwork.teams as t where t.id = e.id::bigint)
                        when field = 'assignee_company_ids' then (
                            select c.name from raw_teamwork.companies as c where c.id = e.id::bigint
                        )
                    end,
                    e.id
                ),
                case when item_kind = 'document' then ' / ' else ', ' end
                order by e.n
            )
            from jsonb_array_elements_text(value) with ordinality as e (id, n)
        )
        when field = 'project_id'
            then coalesce(
                (select p.name from raw_teamwork.projects as p where p.id = (value #>> '{}')::bigint), value #>> '{}'
            )
        when field = 'team_id'
            then coalesce((select t.name from raw_missive.teams as t where t.id = value #>> '{}'), value #>> '{}')
        when field = 'folder_id'
            then coalesce((select f.name from raw_craft.folders as f where f.id = value #>> '{}'), value #>> '{}')
        else value #>> '{}'
    end
$$;
comment on function planwerk.readable_value(text, text, jsonb) is
'A value of planwerk.item_change as people read it: names instead of ids, lists joined.';

create or replace view planwerk.item_history as
select
    c.id,
    c.item_kind,
    c.item_id,
    case c.item_kind
        when 'task' then (select t.name from raw_teamwork.tasks as t where t.id = case c.item_kind when 'task' then c.item_id::bigint end)
        when 'conversation' then (select x.title from planwerk.conversation as x where x.id = c.item_id)
        when 'document' then (select d.title from planwerk.document as d where d.id = c.item_id)
    end as title,
    c.field,
    planwerk.readable_value(c.item_kind, case when c.custom_field_id is null then c.field end, c.old_value) as old_text,
    planwerk.readable_value(c.item_kind, case when c.custom_field_id is null then c.field end, c.new_value) as new_text,
    c.changed_at,
    c.custom_field_id is not null as is_custom_field
from planwerk.item_change as c;
comment on view planwerk.item_history is 'What changed in tasks, conversations and documents, with names instead of ids.';
comment on column planwerk.item_history.id is 'Id of the change, see planwerk.item_change.';
comment on column planwerk.item_history.item_kind is 'task, conversation or document.';
comment on column planwerk.item_history.item_id is 'Id of the item, as text.';
comment on column planwerk.item_history.title is 'Title of the item today.';
comment on column planwerk.item_history.field is 'What changed: status, start_on, label_ids ..., or the name of a custom field.';
comment on column planwerk.item_history.old_text is 'What it was; empty for nothing.';
comment on column planwerk.item_history.new_text is 'What it became.';
comment on column planwerk.item_history.changed_at is 'When the item says it was changed; where it does not, when it was read.';
comment on column planwerk.item_history.is_custom_field is 'The field is a custom field, whatever its name.';
