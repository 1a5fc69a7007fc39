-- Custom field values, one row each. Teamwork sends them with the task as an array of objects.
create or replace view planwerk.task_custom_field as
select
    t.id as task_id,
    (v.entry ->> 'customfieldId')::bigint as custom_field_id,
    f.name as custom_field_name,
    f.type as custom_field_type,
    v.entry -> 'value' as value,
    v.entry ->> 'value' as value_text
from raw_teamwork.tasks as t
cross join lateral jsonb_array_elements(
    case jsonb_typeof(t.custom_field_values) when 'array' then t.custom_field_values else '[]' end
) as v (entry)
left join raw_teamwork.custom_fields as f on f.id = (v.entry ->> 'customfieldId')::bigint;
comment on view planwerk.task_custom_field is 'Custom field values of tasks, one row each.';
comment on column planwerk.task_custom_field.task_id is 'Task.';
comment on column planwerk.task_custom_field.custom_field_id is 'Custom field.';
comment on column planwerk.task_custom_field.custom_field_name is 'Name of the field.';
comment on column planwerk.task_custom_field.custom_field_type is 'Kind of the field.';
comment on column planwerk.task_custom_field.value is 'Value as the API sends it.';
comment on column planwerk.task_custom_field.value_text is 'Value as text.';
