-- Tasks in documents and daily notes. Craft may spell a document's id in other letters here than in the
-- list of documents, and of a task in a daily note it says only the day.
create or replace view planwerk.document_task as
select
    t.id,
    t.markdown as text,
    t.state,
    t.schedule_date as scheduled_on,
    t.deadline_date as due_on,
    t.completed_at,
    t.canceled_at,
    jsonb_typeof(t.repeat) is not distinct from 'object' as is_repeating,
    coalesce(d.id, t.document_id) as document_id,
    d.title as document_title,
    coalesce(t.daily_note_date, d.daily_note_date) as daily_note_date,
    d.folder_path,
    d.cost_group_codes,
    d.location_paths,
    coalesce(t._sdc_deleted_at is not null or d.is_deleted, false) as is_deleted,
    d.url,
    d.web_url,
    d.project_id,
    d.project_name
from raw_craft.tasks as t
left join lateral (
    select x.id
    from raw_craft.documents as x
    where lower(x.id) = lower(t.document_id) or t.document_id is null and x.daily_note_date = t.daily_note_date
    order by x._sdc_deleted_at is not null, x.is_deleted, x.last_modified_at desc nulls last
    limit 1
) as place on true
left join planwerk.document as d on d.id = place.id;
comment on view planwerk.document_task is 'Tasks in Craft documents, daily notes and the inbox.';
comment on column planwerk.document_task.id is 'Id in Craft, which is that of its block.';
comment on column planwerk.document_task.text is 'What is to be done.';
comment on column planwerk.document_task.state is 'todo, done or canceled.';
comment on column planwerk.document_task.scheduled_on is 'Day it is planned for.';
comment on column planwerk.document_task.due_on is 'Day on which it is due.';
comment on column planwerk.document_task.completed_at is 'When it was done.';
comment on column planwerk.document_task.canceled_at is 'When it was cancelled.';
comment on column planwerk.document_task.is_repeating is 'It repeats: done, it is to do again.';
comment on column planwerk.document_task.document_id is 'Document it is in; empty for the inbox.';
comment on column planwerk.document_task.document_title is 'Title of the document.';
comment on column planwerk.document_task.daily_note_date is 'Day of the daily note it is in.';
comment on column planwerk.document_task.folder_path is 'Folders of the document from the top one down, joined by " / ".';
comment on column planwerk.document_task.cost_group_codes is 'DIN 276 cost groups of the document.';
comment on column planwerk.document_task.location_paths is 'Locations of the document, from the building down.';
comment on column planwerk.document_task.is_deleted is 'Gone from Craft, or its document is deleted.';
comment on column planwerk.document_task.url is 'Link that opens the document in Craft.';
comment on column planwerk.document_task.web_url is 'The same for a web browser, where Craft says enough.';
comment on column planwerk.document_task.project_id is 'Project of the document, empty if none.';
comment on column planwerk.document_task.project_name is 'Name of the project.';
