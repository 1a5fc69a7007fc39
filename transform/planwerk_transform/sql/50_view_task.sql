-- Tasks with names instead of ids. Names and lists are subqueries: they cost nothing when a query
-- does not ask for the column, and keep the views on top of this one below join_collapse_limit
-- (8 tables), beyond which the planner no longer finds the way through the index on tag_ids.
-- "offset 0" has each tag looked up by key instead of scanning the label tables once per task.
create or replace view planwerk.task as
select
    t.id,
    t.name as title,
    t.description,
    t.status,
    t.priority,
    t.progress,
    t.start_on,
    t.due_on,
    t.estimate_minutes,
    t.project_id,
    p.name as project_name,
    t.tasklist_id,
    tl.name as tasklist_name,
    t.parent_task_id,
    (select parent.name from raw_teamwork.tasks as parent where parent.id = t.parent_task_id) as parent_title,
    t.tag_ids,
    array(
        select l.name
        from unnest(t.tag_ids) as tag (id)
        cross join lateral (
            select x.name from planwerk.label as x
            where x.source = 'teamwork' and x.source_id = tag.id::text and not x.is_deleted
            offset 0
        ) as l
        order by l.name
    ) as tags,
    array(
        select a.name from (
            select concat_ws(' ', u.first_name, u.last_name) as name
            from raw_teamwork.people as u where u.id = any(t.assignee_user_ids)
            union all
            select g.name from raw_teamwork.teams as g where g.id = any(t.assignee_team_ids)
            union all
            select c.name from raw_teamwork.companies as c where c.id = any(t.assignee_company_ids)
        ) as a
        order by a.name
    ) as assignees,
    array(
        select lc.code
        from unnest(t.tag_ids) as tag (id)
        cross join lateral (
            select x.code from planwerk.label_cost_group as x
            join planwerk.label as l on l.source = x.label_source and l.source_id = x.label_id
            where x.label_source = 'teamwork' and x.label_id = tag.id::text and not l.is_deleted
                and not exists (
                    select from planwerk.assignment as a
                    where a.item_kind = 'task' and a.item_id = t.id::text and a.cost_group_code = x.code
                )
            offset 0
        ) as lc
        union
        select a.cost_group_code from planwerk.assignment as a
        where a.item_kind = 'task' and a.item_id = t.id::text and a.category = 'cost_group' and a.verdict = 'include'
        order by 1
    ) as cost_group_codes,
    array(
        select array_to_string(loc.path, ' / ')
        from unnest(t.tag_ids) as tag (id)
        cross join lateral (
            select place.path from planwerk.label_location as x
            join planwerk.label as l on l.source = x.label_source and l.source_id = x.label_id
            join planwerk.location as place on place.id = x.location_id
            where x.label_source = 'teamwork' and x.label_id = tag.id::text and not l.is_deleted
                and not exists (
                    select from planwerk.assignment as a
                    where a.item_kind = 'task' and a.item_id = t.id::text and a.location_id = x.location_id
                )
            offset 0
        ) as loc
        union
        select array_to_string(place.path, ' / ') from planwerk.assignment as a
        join planwerk.location as place on place.id = a.location_id and place.merged_into_id is null
        where a.item_kind = 'task' and a.item_id = t.id::text and a.category = 'location' and a.verdict = 'include'
        order by 1
    ) as location_paths,
    coalesce(
        (
            select tt.name from planwerk.assignment as a
            join planwerk.task_type as tt on tt.id = a.task_type_id
            where a.item_kind = 'task' and a.item_id = t.id::text and a.category = 'task_type' and a.verdict = 'include'
        ),
        (
            select named.name
            from unnest(t.tag_ids) as tag (id)
            cross join lateral (
                select tt.name, tt.is_default, r.position, tt.id from planwerk.label_task_type as x
                join planwerk.label as l on l.source = x.label_source and l.source_id = x.label_id
                join planwerk.task_type as tt on tt.id = x.task_type_id
                join planwerk.rule as r on r.id = x.rule_id
                where x.label_source = 'teamwork' and x.label_id = tag.id::text and not l.is_deleted
                    and not exists (
                        select from planwerk.assignment as a
                        where a.item_kind = 'task' and a.item_id = t.id::text and a.task_type_id = tt.id
                    )
                offset 0
            ) as named
            order by named.is_default, named.position, named.id
            limit 1
        ),
        (
            select tt.name from planwerk.task_type as tt
            where tt.is_default
                and not exists (
                    select from planwerk.assignment as a
                    where a.item_kind = 'task' and a.item_id = t.id::text and a.task_type_id = tt.id
                )
        )
    ) as task_type,
    t.created_at,
    (
        select concat_ws(' ', u.first_name, u.last_name) from raw_teamwork.people as u where u.id = t.created_by
    ) as created_by,
    t.updated_at,
    t.completed_at,
    (
        select concat_ws(' ', u.first_name, u.last_name) from raw_teamwork.people as u where u.id = t.completed_by
    ) as completed_by,
    t.status = 'completed' as is_completed,
    t.is_private = 1 as is_private,
    coalesce(p.status in ('archived', 'inactive'), false) as is_archived,
    -- One opaque expression: taken apart, the planner underestimates the living rows a thousandfold.
    coalesce(
        t._sdc_deleted_at is not null or t.deleted_at is not null or t.status = 'deleted'
        or tl._sdc_deleted_at is not null or tl.status = 'deleted'
        or p._sdc_deleted_at is not null or p.deleted_at is not null or p.status = 'deleted',
        false
    ) as is_deleted,
    t.url
from raw_teamwork.tasks as t
left join raw_teamwork.projects as p on p.id = t.project_id
left join raw_teamwork.tasklists as tl on tl.id = t.tasklist_id;
comment on view planwerk.task is 'Tasks with names instead of ids.';
comment on column planwerk.task.id is 'Id in Teamwork.';
comment on column planwerk.task.title is 'Title.';
comment on column planwerk.task.description is 'Description.';
comment on column planwerk.task.status is 'new or reopened (open), completed or deleted.';
comment on column planwerk.task.priority is 'low, medium, high or empty.';
comment on column planwerk.task.progress is 'Per cent done.';
comment on column planwerk.task.start_on is 'First day.';
comment on column planwerk.task.due_on is 'Day on which it is due.';
comment on column planwerk.task.estimate_minutes is 'Estimated minutes.';
comment on column planwerk.task.project_id is 'Project in Teamwork; what people say of it, item_project has.';
comment on column planwerk.task.project_name is 'Name of the project.';
comment on column planwerk.task.tasklist_id is 'Tasklist.';
comment on column planwerk.task.tasklist_name is 'Name of the tasklist.';
comment on column planwerk.task.parent_task_id is 'Parent of a subtask.';
comment on column planwerk.task.parent_title is 'Title of the parent.';
comment on column planwerk.task.tag_ids is 'Ids of the tags, as loaded.';
comment on column planwerk.task.tags is 'Names of the tags; tags deleted in Teamwork are left out.';
comment on column planwerk.task.assignees is 'People, teams and companies in charge, deleted ones included.';
comment on column planwerk.task.cost_group_codes is 'DIN 276 cost groups named by the tags or by a person.';
comment on column planwerk.task.location_paths is 'Locations named by the tags or by a person, from the building down.';
comment on column planwerk.task.task_type is 'Type that a person said, else the tags, else the default type.';
comment on column planwerk.task.created_at is 'When it was created.';
comment on column planwerk.task.created_by is 'Who created it.';
comment on column planwerk.task.updated_at is 'When it last changed.';
comment on column planwerk.task.completed_at is 'When it was completed.';
comment on column planwerk.task.completed_by is 'Who completed it.';
comment on column planwerk.task.is_completed is 'Completed.';
comment on column planwerk.task.is_private is 'Private itself, not by its list or parent.';
comment on column planwerk.task.is_archived is 'The project is archived.';
comment on column planwerk.task.is_deleted is 'Deleted, or its tasklist or project is: Teamwork hides such tasks without marking them.';
comment on column planwerk.task.url is 'Web address.';
