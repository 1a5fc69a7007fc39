-- What colleagues write to each other beside the mail, with the task that a comment may be.
create or replace view planwerk.conversation_comment as
select
    m.id,
    place.conversation_id,
    c.title as conversation_title,
    m.author ->> 'id' as author_id,
    coalesce(
        nullif(btrim(m.author ->> 'name'), ''), (select u.name from raw_missive.users as u where u.id = m.author ->> 'id')
    ) as author_name,
    m.body,
    m.created_at,
    jsonb_typeof(m.attachment) is not distinct from 'object' as has_attachment,
    jsonb_typeof(m.task) is not distinct from 'object' as is_task,
    m.task ->> 'description' as task_description,
    m.task ->> 'state' as task_state,
    planwerk.unix_moment(m.task -> 'due_at') as task_due_at,
    planwerk.unix_moment(m.task -> 'closed_at') as task_closed_at,
    array(
        select coalesce(a.person ->> 'name', a.person ->> 'email', a.person ->> 'id')
        from jsonb_array_elements(
            case jsonb_typeof(m.task -> 'assignees') when 'array' then m.task -> 'assignees' else '[]' end
        ) as a (person)
        order by 1
    ) as task_assignees,
    m.task #>> '{team,name}' as task_team_name,
    coalesce(c.is_deleted, false) as is_deleted,
    c.url
from planwerk.comment_place as place
join raw_missive.comments as m on m.id = place.id
left join planwerk.conversation as c on c.id = place.conversation_id;
comment on view planwerk.conversation_comment is 'Comments of conversations with the names of who wrote them, and the task that a comment may be.';
comment on column planwerk.conversation_comment.id is 'Id in Missive.';
comment on column planwerk.conversation_comment.conversation_id is 'Conversation, merges followed.';
comment on column planwerk.conversation_comment.conversation_title is 'Title of the conversation.';
comment on column planwerk.conversation_comment.author_id is 'Colleague who wrote it.';
comment on column planwerk.conversation_comment.author_name is 'Name of the colleague.';
comment on column planwerk.conversation_comment.body is 'Text; empty for a file alone.';
comment on column planwerk.conversation_comment.created_at is 'When it was written.';
comment on column planwerk.conversation_comment.has_attachment is 'A file is attached, see planwerk.attachment.';
comment on column planwerk.conversation_comment.is_task is 'It is a task.';
comment on column planwerk.conversation_comment.task_description is 'What is to be done.';
comment on column planwerk.conversation_comment.task_state is 'todo, in_progress or closed.';
comment on column planwerk.conversation_comment.task_due_at is 'When it is due.';
comment on column planwerk.conversation_comment.task_closed_at is 'When it was closed.';
comment on column planwerk.conversation_comment.task_assignees is 'Colleagues who are to do it.';
comment on column planwerk.conversation_comment.task_team_name is 'Team that is to do it.';
comment on column planwerk.conversation_comment.is_deleted is 'The conversation is deleted, or in trash or spam of everybody with access.';
comment on column planwerk.conversation_comment.url is 'Web address of the conversation.';
