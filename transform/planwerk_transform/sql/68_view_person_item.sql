-- What a person has to do with: an assigned or created task, a conversation that is assigned or has
-- mails from or to the person. A branch per part, so that each goes through an index of its own.
create index if not exists tasks_assignee_user_ids on raw_teamwork.tasks using gin (assignee_user_ids);
create index if not exists tasks_created_by on raw_teamwork.tasks (created_by);
create index if not exists conversations_assignee_ids on raw_missive.conversations using gin (assignee_ids);

create or replace view planwerk.person_item as
select
    i.person_id,
    'assignee'::text as part,
    'task'::text as item_kind,
    t.id::text as item_id,
    t.title,
    t.status,
    t.updated_at,
    t.is_deleted,
    t.url
from planwerk.person_identity as i
join raw_teamwork.tasks as r on r.assignee_user_ids @> array[case when i.kind = 'person' then i.source_id::bigint end]
join planwerk.task as t on t.id = r.id
where i.kind = 'person'
union all
select
    i.person_id,
    'creator',
    'task',
    t.id::text,
    t.title,
    t.status,
    t.updated_at,
    t.is_deleted,
    t.url
from planwerk.person_identity as i
join raw_teamwork.tasks as r on r.created_by = case when i.kind = 'person' then i.source_id::bigint end
join planwerk.task as t on t.id = r.id
where i.kind = 'person'
union all
select
    i.person_id,
    'assignee',
    'conversation',
    c.id,
    c.title,
    c.status,
    c.updated_at,
    c.is_deleted,
    c.url
from planwerk.person_identity as i
join raw_missive.conversations as r on r.assignee_ids @> array[i.source_id]
join planwerk.conversation as c on c.id = r.id
where i.kind = 'user'
union all
select
    x.person_id,
    'participant',
    'conversation',
    c.id,
    c.title,
    c.status,
    c.updated_at,
    c.is_deleted,
    c.url
from (select distinct e.person_id, e.conversation_id from planwerk.email_person as e) as x
join planwerk.conversation as c on c.id = x.conversation_id;
comment on view planwerk.person_item is 'Tasks and conversations of persons, one row per part that a person has in one.';
comment on column planwerk.person_item.person_id is 'Person, see planwerk.person.';
comment on column planwerk.person_item.part is 'assignee, creator (of a task), or participant (of mails in a conversation).';
comment on column planwerk.person_item.item_kind is 'task or conversation.';
comment on column planwerk.person_item.item_id is 'Id of the item, as text.';
comment on column planwerk.person_item.title is 'Title of the item.';
comment on column planwerk.person_item.status is 'Status of the item.';
comment on column planwerk.person_item.updated_at is 'When the item last changed.';
comment on column planwerk.person_item.is_deleted is 'The item, or what contains it, is deleted.';
comment on column planwerk.person_item.url is 'Web address.';
