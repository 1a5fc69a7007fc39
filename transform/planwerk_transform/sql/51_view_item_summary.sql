-- What the views of categories need of an item, and no more: PostgreSQL unfolds a view whole each time it
-- plans a query, so with the items' own views it would plan longer than it searches.

create or replace view planwerk.task_summary as
select
    t.id,
    t.name as title,
    t.tag_ids,
    t.project_id,
    t.updated_at,
    coalesce(
        t._sdc_deleted_at is not null or t.deleted_at is not null or t.status = 'deleted'
        or tl._sdc_deleted_at is not null or tl.status = 'deleted'
        or p._sdc_deleted_at is not null or p.deleted_at is not null or p.status = 'deleted',
        false
    ) as is_deleted
from raw_teamwork.tasks as t
left join raw_teamwork.projects as p on p.id = t.project_id
left join raw_teamwork.tasklists as tl on tl.id = t.tasklist_id;
comment on view planwerk.task_summary is 'The few columns of planwerk.task that the views of categories need.';
comment on column planwerk.task_summary.id is 'Id in Teamwork.';
comment on column planwerk.task_summary.title is 'Title.';
comment on column planwerk.task_summary.tag_ids is 'Ids of the tags, as loaded.';
comment on column planwerk.task_summary.project_id is 'Project in Teamwork.';
comment on column planwerk.task_summary.updated_at is 'When it last changed.';
comment on column planwerk.task_summary.is_deleted is 'Deleted, or its tasklist or project is.';

create or replace view planwerk.conversation_summary as
select
    c.id,
    coalesce(
        nullif(btrim(c.subject), ''), nullif(btrim(c.latest_message_subject), ''), planwerk.first_author(c.authors), '(no subject)'
    ) as title,
    c.shared_label_ids as label_ids,
    c.last_activity_at as updated_at,
    coalesce(c.is_deleted or c.is_trashed or c.is_junked or c.merged_into_id is not null, false) as is_deleted
from raw_missive.conversations as c;
comment on view planwerk.conversation_summary is 'The few columns of planwerk.conversation that the views of categories need.';
comment on column planwerk.conversation_summary.id is 'Id in Missive.';
comment on column planwerk.conversation_summary.title is 'Subject of the conversation, else of its newest message, else who wrote first.';
comment on column planwerk.conversation_summary.label_ids is 'Ids of the shared labels, as loaded.';
comment on column planwerk.conversation_summary.updated_at is 'Last message, comment or change of status.';
comment on column planwerk.conversation_summary.is_deleted is 'Deleted, merged into another, or in trash or spam of everybody with access.';

create or replace view planwerk.document_summary as
select
    d.id,
    coalesce(nullif(btrim(d.title), ''), to_char(d.daily_note_date, 'YYYY-MM-DD'), '(untitled)') as title,
    d.folder_id,
    d.folder_ids,
    d.last_modified_at as updated_at,
    coalesce(d.is_deleted or d._sdc_deleted_at is not null, false) as is_deleted
from raw_craft.documents as d;
comment on view planwerk.document_summary is 'The few columns of planwerk.document that the views of categories need.';
comment on column planwerk.document_summary.id is 'Id in Craft.';
comment on column planwerk.document_summary.title is 'Title; of an untitled one the day, for a daily note, else (untitled).';
comment on column planwerk.document_summary.folder_id is 'Folder that it lies in.';
comment on column planwerk.document_summary.folder_ids is 'Ids of the folders from the top one down, as loaded.';
comment on column planwerk.document_summary.updated_at is 'When something in it was last changed.';
comment on column planwerk.document_summary.is_deleted is 'In the trash, deleted, or no longer among what the link shows.';

create or replace view planwerk.item_summary as
select
    'task'::text as kind,
    t.id::text as id,
    t.name as title,
    t.updated_at,
    coalesce(
        t._sdc_deleted_at is not null or t.deleted_at is not null or t.status = 'deleted'
        or exists (
            select from raw_teamwork.tasklists as tl
            where tl.id = t.tasklist_id and (tl._sdc_deleted_at is not null or tl.status = 'deleted')
        )
        or exists (
            select from raw_teamwork.projects as p
            where p.id = t.project_id
                and (p._sdc_deleted_at is not null or p.deleted_at is not null or p.status = 'deleted')
        ),
        false
    ) as is_deleted
from raw_teamwork.tasks as t
union all
select
    'conversation',
    c.id,
    c.title,
    c.updated_at,
    c.is_deleted
from planwerk.conversation_summary as c
union all
select
    'document',
    d.id,
    d.title,
    d.updated_at,
    d.is_deleted
from planwerk.document_summary as d;
comment on view planwerk.item_summary is 'The few columns of planwerk.item that the views of categories need.';
comment on column planwerk.item_summary.kind is 'task, conversation or document.';
comment on column planwerk.item_summary.id is 'Id in the source, as text.';
comment on column planwerk.item_summary.title is 'Title.';
comment on column planwerk.item_summary.updated_at is 'When it last changed.';
comment on column planwerk.item_summary.is_deleted is 'Deleted, or what contains it is.';
