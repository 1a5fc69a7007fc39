-- Logged time with names. A log belongs to a task or, without one, to its project alone.
create or replace view planwerk.time_entry as
select
    l.id,
    l.time_logged,
    planwerk.local_day(l.time_logged) as worked_on,
    l.has_start_time,
    l.minutes,
    l.description,
    l.billable as is_billable,
    l.user_id as person_id,
    concat_ws(' ', u.first_name, u.last_name) as person_name,
    l.task_id,
    t.name as task_title,
    l.project_id,
    p.name as project_name,
    l.created_at,
    l.updated_at,
    coalesce(
        l.deleted or l.deleted_at is not null or l._sdc_deleted_at is not null
        or p._sdc_deleted_at is not null or p.deleted_at is not null or p.status = 'deleted',
        false
    ) as is_deleted
from raw_teamwork.timelogs as l
left join raw_teamwork.people as u on u.id = l.user_id
left join raw_teamwork.tasks as t on t.id = l.task_id
left join raw_teamwork.projects as p on p.id = l.project_id;
comment on view planwerk.time_entry is 'Logged time with names.';
comment on column planwerk.time_entry.id is 'Id in Teamwork.';
comment on column planwerk.time_entry.time_logged is 'Start of the work.';
comment on column planwerk.time_entry.worked_on is 'Day of the work at the office.';
comment on column planwerk.time_entry.has_start_time is 'If false, only the day of time_logged has a meaning.';
comment on column planwerk.time_entry.minutes is 'Duration in minutes.';
comment on column planwerk.time_entry.description is 'What was done.';
comment on column planwerk.time_entry.is_billable is 'Billable.';
comment on column planwerk.time_entry.person_id is 'Who worked.';
comment on column planwerk.time_entry.person_name is 'Name of the person.';
comment on column planwerk.time_entry.task_id is 'Task, empty when logged on the project.';
comment on column planwerk.time_entry.task_title is 'Title of the task.';
comment on column planwerk.time_entry.project_id is 'Project.';
comment on column planwerk.time_entry.project_name is 'Name of the project.';
comment on column planwerk.time_entry.created_at is 'When it was entered.';
comment on column planwerk.time_entry.updated_at is 'When it last changed.';
comment on column planwerk.time_entry.is_deleted is 'Deleted, or its project is.';
