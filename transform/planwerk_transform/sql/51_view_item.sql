-- Everything an office works on, in one shape. Each source adds a branch.
create or replace view planwerk.item as
select
    'task'::text as kind,
    t.id::text as id,
    t.title,
    t.project_id,
    t.project_name,
    t.status,
    t.created_at,
    t.updated_at,
    t.is_deleted,
    t.url
from planwerk.task as t;
comment on view planwerk.item is 'Everything an office works on, in one shape: today tasks.';
comment on column planwerk.item.kind is 'task.';
comment on column planwerk.item.id is 'Id in the source, as text.';
comment on column planwerk.item.title is 'Title.';
comment on column planwerk.item.project_id is 'Project.';
comment on column planwerk.item.project_name is 'Name of the project.';
comment on column planwerk.item.status is 'Status in the source.';
comment on column planwerk.item.created_at is 'When it was created.';
comment on column planwerk.item.updated_at is 'When it last changed.';
comment on column planwerk.item.is_deleted is 'Deleted, or what contains it is.';
comment on column planwerk.item.url is 'Web address.';
