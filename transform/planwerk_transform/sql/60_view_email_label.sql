-- Mails by what their conversation is labelled with. The planner knows how many messages a
-- conversation has, but not how many a union like message_place has per conversation: so the way from
-- a label to its mails leads over the conversations, in views of their own.

create or replace view planwerk.email_label as
select
    l.source_id as label_id,
    l.name as label_name,
    array_to_string(l.path, ' / ') as label_path,
    m.id as email_id,
    c.id as conversation_id,
    m.subject,
    m.from_field ->> 'name' as from_name,
    coalesce(m.from_field ->> 'address', m.from_field ->> 'username', m.from_field ->> 'id') as from_address,
    m.delivered_at,
    c.is_deleted
from planwerk.label as l
join planwerk.conversation_summary as c on c.label_ids @> array[l.source_id]
join planwerk.message_place as place on place.conversation_id = c.id
join raw_missive.messages as m on m.id = place.id
where l.source = 'missive' and not l.is_deleted;
comment on view planwerk.email_label is 'Mails and the labels of their conversations.';
comment on column planwerk.email_label.label_id is 'Id of the label.';
comment on column planwerk.email_label.label_name is 'Name of the label.';
comment on column planwerk.email_label.label_path is 'The same with the names above it, joined by " / ".';
comment on column planwerk.email_label.email_id is 'Mail, see planwerk.email.';
comment on column planwerk.email_label.conversation_id is 'Conversation that it is in, merges followed.';
comment on column planwerk.email_label.subject is 'Subject.';
comment on column planwerk.email_label.from_name is 'Name of the sender.';
comment on column planwerk.email_label.from_address is 'Address of the sender as written.';
comment on column planwerk.email_label.delivered_at is 'When it was sent or received.';
comment on column planwerk.email_label.is_deleted is 'The conversation is deleted, or in trash or spam of everybody with access.';

create or replace view planwerk.email_cost_group as
select
    lc.code,
    g.name_de as cost_group_name,
    l.name as label_name,
    m.id as email_id,
    c.id as conversation_id,
    m.subject,
    m.from_field ->> 'name' as from_name,
    coalesce(m.from_field ->> 'address', m.from_field ->> 'username', m.from_field ->> 'id') as from_address,
    m.delivered_at,
    c.is_deleted,
    g.path as code_path
from planwerk.label_cost_group as lc
join planwerk.cost_group as g on g.code = lc.code
join planwerk.label as l on l.source = lc.label_source and l.source_id = lc.label_id
join planwerk.conversation_summary as c on c.label_ids @> array[l.source_id]
join planwerk.message_place as place on place.conversation_id = c.id
join raw_missive.messages as m on m.id = place.id
where l.source = 'missive' and not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'conversation' and a.item_id = c.id and a.cost_group_code = lc.code
    )
union all
select
    a.cost_group_code,
    g.name_de,
    null,
    m.id,
    c.id,
    m.subject,
    m.from_field ->> 'name',
    coalesce(m.from_field ->> 'address', m.from_field ->> 'username', m.from_field ->> 'id'),
    m.delivered_at,
    c.is_deleted,
    g.path
from planwerk.assignment as a
join planwerk.cost_group as g on g.code = a.cost_group_code
join planwerk.conversation_summary as c on c.id = a.item_id
join planwerk.message_place as place on place.conversation_id = c.id
join raw_missive.messages as m on m.id = place.id
where a.item_kind = 'conversation' and a.verdict = 'include';
comment on view planwerk.email_cost_group is 'Mails and the cost groups of their conversations, one row per mail, group and label.';
comment on column planwerk.email_cost_group.code is 'DIN 276 cost group.';
comment on column planwerk.email_cost_group.cost_group_name is 'Name of the cost group.';
comment on column planwerk.email_cost_group.label_name is 'Name of the label that names it; empty where a person says so.';
comment on column planwerk.email_cost_group.code_path is 'The group with those that it belongs to, from level 1 down: “400 = any (code_path)” finds 400 with all below it.';
comment on column planwerk.email_cost_group.email_id is 'Mail, see planwerk.email.';
comment on column planwerk.email_cost_group.conversation_id is 'Conversation that it is in, merges followed.';
comment on column planwerk.email_cost_group.subject is 'Subject.';
comment on column planwerk.email_cost_group.from_name is 'Name of the sender.';
comment on column planwerk.email_cost_group.from_address is 'Address of the sender as written.';
comment on column planwerk.email_cost_group.delivered_at is 'When it was sent or received.';
comment on column planwerk.email_cost_group.is_deleted is 'The conversation is deleted, or in trash or spam of everybody with access.';

create or replace view planwerk.email_project as
select
    lp.project_id,
    p.name as project_name,
    l.name as label_name,
    m.id as email_id,
    c.id as conversation_id,
    m.subject,
    m.from_field ->> 'name' as from_name,
    coalesce(m.from_field ->> 'address', m.from_field ->> 'username', m.from_field ->> 'id') as from_address,
    m.delivered_at,
    c.is_deleted
from planwerk.label_project as lp
join raw_teamwork.projects as p on p.id = lp.project_id
join planwerk.label as l on l.source = lp.label_source and l.source_id = lp.label_id
join planwerk.conversation_summary as c on c.label_ids @> array[l.source_id]
join planwerk.message_place as place on place.conversation_id = c.id
join raw_missive.messages as m on m.id = place.id
where l.source = 'missive' and not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'conversation' and a.item_id = c.id and a.project_id = lp.project_id
    )
union all
select
    a.project_id,
    p.name,
    null,
    m.id,
    c.id,
    m.subject,
    m.from_field ->> 'name',
    coalesce(m.from_field ->> 'address', m.from_field ->> 'username', m.from_field ->> 'id'),
    m.delivered_at,
    c.is_deleted
from planwerk.assignment as a
join raw_teamwork.projects as p on p.id = a.project_id
join planwerk.conversation_summary as c on c.id = a.item_id
join planwerk.message_place as place on place.conversation_id = c.id
join raw_missive.messages as m on m.id = place.id
where a.item_kind = 'conversation' and a.verdict = 'include';
comment on view planwerk.email_project is 'Mails and the projects of their conversations, one row per mail, project and label.';
comment on column planwerk.email_project.project_id is 'Project.';
comment on column planwerk.email_project.project_name is 'Name of the project.';
comment on column planwerk.email_project.label_name is 'Name of the label that names it; empty where a person says so.';
comment on column planwerk.email_project.email_id is 'Mail, see planwerk.email.';
comment on column planwerk.email_project.conversation_id is 'Conversation that it is in, merges followed.';
comment on column planwerk.email_project.subject is 'Subject.';
comment on column planwerk.email_project.from_name is 'Name of the sender.';
comment on column planwerk.email_project.from_address is 'Address of the sender as written.';
comment on column planwerk.email_project.delivered_at is 'When it was sent or received.';
comment on column planwerk.email_project.is_deleted is 'The conversation is deleted, or in trash or spam of everybody with access.';
