-- Everything an office works on, in one shape. Each source adds a branch. A branch has one table alone
-- in its "from" and no "where": only then a join with this view goes through the indexes of the tables.
-- So the tasklist and project that may be deleted are looked up instead of joined as in the view task.
create or replace view planwerk.item as
select
    i.kind,
    i.id,
    i.title,
    i.project_id,
    (select p.name from raw_teamwork.projects as p where p.id = i.project_id) as project_name,
    i.status,
    i.created_at,
    i.updated_at,
    i.is_deleted,
    i.url
from (
    select
        'task'::text as kind,
        t.id::text as id,
        t.name as title,
        (
            select case count(*) filter (where a.verdict = 'include')
                when 0 then case when bool_or(a.project_id = t.project_id) is not true then t.project_id end
                when 1 then min(a.project_id) filter (where a.verdict = 'include')
            end
            from planwerk.assignment as a
            where a.item_kind = 'task' and a.item_id = t.id::text and a.category = 'project'
        ) as project_id,
        t.status,
        t.created_at,
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
        ) as is_deleted,
        t.url
    from raw_teamwork.tasks as t
    union all
    select
        'conversation' as kind,
        c.id,
        c.title,
        c.project_id,
        c.status,
        c.created_at,
        c.updated_at,
        c.is_deleted,
        c.url
    from planwerk.conversation as c
    union all
    select
        'document' as kind,
        d.id,
        d.title,
        d.project_id,
        d.status,
        d.created_at,
        d.updated_at,
        d.is_deleted,
        coalesce(d.web_url, d.url)
    from planwerk.document as d
) as i;
comment on view planwerk.item is 'Everything an office works on, in one shape: tasks, conversations and documents.';
comment on column planwerk.item.kind is 'task, conversation or document.';
comment on column planwerk.item.id is 'Id in the source, as text.';
comment on column planwerk.item.title is 'Title.';
comment on column planwerk.item.project_id is 'Project that a person said, else that of the task, the labels or the folder; empty for none or several, see item_project.';
comment on column planwerk.item.project_name is 'Name of the project.';
comment on column planwerk.item.status is 'Status in the source.';
comment on column planwerk.item.created_at is 'When it was created.';
comment on column planwerk.item.updated_at is 'When it last changed.';
comment on column planwerk.item.is_deleted is 'Deleted, or what contains it is.';
comment on column planwerk.item.url is 'Web address, or a link that opens the app.';
