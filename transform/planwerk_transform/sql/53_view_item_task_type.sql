-- What kind of thing each item is. Labels may name several types; of these the column task_type of an item's
-- own view has the first by the order of the rules.
create or replace view planwerk.item_task_type as
select
    'task'::text as item_kind,
    t.id::text as item_id,
    tt.name as task_type,
    'label'::text as via,
    l.source as label_source,
    l.source_id as label_id,
    l.name as label_name,
    t.title,
    t.updated_at,
    t.is_deleted
from planwerk.label_task_type as lt
join planwerk.task_type as tt on tt.id = lt.task_type_id
join planwerk.label as l on l.source = lt.label_source and l.source_id = lt.label_id
join planwerk.task_summary as t on t.tag_ids @> array[case when l.source = 'teamwork' then l.source_id::bigint end]
where not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'task' and a.item_id = t.id::text and a.category = 'task_type'
            and (a.verdict = 'include' or a.task_type_id = lt.task_type_id)
    )
union all
select
    'conversation',
    c.id,
    tt.name,
    'label',
    l.source,
    l.source_id,
    l.name,
    c.title,
    c.updated_at,
    c.is_deleted
from planwerk.label_task_type as lt
join planwerk.task_type as tt on tt.id = lt.task_type_id
join planwerk.label as l on l.source = lt.label_source and l.source_id = lt.label_id
join planwerk.conversation_summary as c on c.label_ids @> array[l.source_id]
where l.source = 'missive' and not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'conversation' and a.item_id = c.id and a.category = 'task_type'
            and (a.verdict = 'include' or a.task_type_id = lt.task_type_id)
    )
union all
select
    'document',
    d.id,
    tt.name,
    'label',
    l.source,
    l.source_id,
    l.name,
    d.title,
    d.updated_at,
    d.is_deleted
from planwerk.label_task_type as lt
join planwerk.task_type as tt on tt.id = lt.task_type_id
join planwerk.label as l on l.source = lt.label_source and l.source_id = lt.label_id
join planwerk.document_summary as d on d.folder_id = l.source_id
where l.source = 'craft' and not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'document' and a.item_id = d.id and a.category = 'task_type'
            and (a.verdict = 'include' or a.task_type_id = lt.task_type_id)
    )
union all
select
    a.item_kind,
    i.id,
    tt.name,
    'manual',
    null,
    null,
    null,
    i.title,
    i.updated_at,
    i.is_deleted
from planwerk.assignment as a
join planwerk.task_type as tt on tt.id = a.task_type_id
join planwerk.item_summary as i on i.kind = a.item_kind and i.id = a.item_id
where a.verdict = 'include'
union all
select
    'task',
    t.id::text,
    tt.name,
    'default',
    null,
    null,
    null,
    t.title,
    t.updated_at,
    t.is_deleted
from planwerk.task_type as tt
cross join planwerk.task_summary as t
where tt.is_default
    and t.id::text not in (
        select a.item_id from planwerk.assignment as a where a.item_kind = 'task' and a.category = 'task_type'
    )
    and (
        t.tag_ids && (
            select array_agg(l.source_id::bigint)
            from planwerk.label_task_type as lt
            join planwerk.label as l on l.source = lt.label_source and l.source_id = lt.label_id
            where l.source = 'teamwork' and not l.is_deleted
        )
    ) is not true
union all
-- what people say leaves the default type
select
    'task',
    t.id::text,
    tt.name,
    'default',
    null,
    null,
    null,
    t.title,
    t.updated_at,
    t.is_deleted
from (
    select a.item_id
    from planwerk.assignment as a
    where a.item_kind = 'task' and a.category = 'task_type'
    group by a.item_id
    having bool_and(a.verdict = 'exclude')
) as spoken
join planwerk.task as t on t.id::text = spoken.item_id
join planwerk.task_type as tt on tt.name = t.task_type
where tt.is_default
    and not exists (
        select
        from planwerk.label_task_type as lt
        join planwerk.label as l on l.source = lt.label_source and l.source_id = lt.label_id
        where l.source = 'teamwork' and not l.is_deleted and lt.task_type_id = tt.id
            and l.source_id = any(t.tag_ids::text [])
    );
comment on view planwerk.item_task_type is 'Items and their types, one row per item, type and label. What a person includes is the only type; the default type is for tasks that nothing is said of.';
comment on column planwerk.item_task_type.item_kind is 'Kind of the item: task, conversation or document.';
comment on column planwerk.item_task_type.item_id is 'Id of the item, as text.';
comment on column planwerk.item_task_type.task_type is 'Name of the type.';
comment on column planwerk.item_task_type.via is 'label = by a label, manual = by a person, default = nothing is said of the task.';
comment on column planwerk.item_task_type.label_source is 'Source of the label.';
comment on column planwerk.item_task_type.label_id is 'Id of the label.';
comment on column planwerk.item_task_type.label_name is 'Name of the label.';
comment on column planwerk.item_task_type.title is 'Title of the item.';
comment on column planwerk.item_task_type.updated_at is 'When the item last changed.';
comment on column planwerk.item_task_type.is_deleted is 'The item, or what contains it, is deleted.';
