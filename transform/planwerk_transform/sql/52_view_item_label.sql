-- Item and label meet in the array column of the raw row. Written as "array contains label", the
-- index on the array serves a search by label, and the index on the id one by item. Title, change
-- and deletion mark come along, so that the newest items of a category need no second look-up.
-- Each view is a union of one branch per kind of item, joined within the branch: a join with a union
-- would read all items.
-- Where a person has spoken of an item and a category, labels are silent on it: one more branch has what
-- people include.

create or replace view planwerk.item_label as
select
    'task'::text as item_kind,
    t.id::text as item_id,
    l.source as label_source,
    l.source_id as label_id,
    l.name as label_name,
    t.title,
    t.updated_at,
    t.is_deleted
from planwerk.label as l
join planwerk.task_summary as t
    -- the cast stays out of reach of ids that are no numbers
    on t.tag_ids @> array[case when l.source = 'teamwork' then l.source_id::bigint end]
where not l.is_deleted
union all
select
    'conversation',
    c.id,
    l.source,
    l.source_id,
    l.name,
    c.title,
    c.updated_at,
    c.is_deleted
from planwerk.label as l
join planwerk.conversation_summary as c on c.label_ids @> array[l.source_id]
where l.source = 'missive' and not l.is_deleted
union all
select
    'document',
    d.id,
    l.source,
    l.source_id,
    l.name,
    d.title,
    d.updated_at,
    d.is_deleted
from planwerk.label as l
join planwerk.document_summary as d on d.folder_ids @> array[l.source_id]
where l.source = 'craft' and not l.is_deleted;
comment on view planwerk.item_label is 'Items and their labels, of a document all folders from the top one down; deleted labels are left out.';
comment on column planwerk.item_label.item_kind is 'Kind of the item: task, conversation or document.';
comment on column planwerk.item_label.item_id is 'Id of the item, as text.';
comment on column planwerk.item_label.label_source is 'Source of the label.';
comment on column planwerk.item_label.label_id is 'Id of the label.';
comment on column planwerk.item_label.label_name is 'Name of the label.';
comment on column planwerk.item_label.title is 'Title of the item.';
comment on column planwerk.item_label.updated_at is 'When the item last changed.';
comment on column planwerk.item_label.is_deleted is 'The item, or what contains it, is deleted.';

create or replace view planwerk.item_cost_group as
select
    'task'::text as item_kind,
    t.id::text as item_id,
    lc.code,
    g.name_de as cost_group_name,
    'label'::text as via,
    l.source as label_source,
    l.source_id as label_id,
    l.name as label_name,
    t.title,
    t.updated_at,
    t.is_deleted,
    g.path as code_path
from planwerk.label_cost_group as lc
join planwerk.cost_group as g on g.code = lc.code
join planwerk.label as l on l.source = lc.label_source and l.source_id = lc.label_id
join planwerk.task_summary as t on t.tag_ids @> array[case when l.source = 'teamwork' then l.source_id::bigint end]
where not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'task' and a.item_id = t.id::text and a.cost_group_code = lc.code
    )
union all
select
    'conversation',
    c.id,
    lc.code,
    g.name_de,
    'label',
    l.source,
    l.source_id,
    l.name,
    c.title,
    c.updated_at,
    c.is_deleted,
    g.path
from planwerk.label_cost_group as lc
join planwerk.cost_group as g on g.code = lc.code
join planwerk.label as l on l.source = lc.label_source and l.source_id = lc.label_id
join planwerk.conversation_summary as c on c.label_ids @> array[l.source_id]
where l.source = 'missive' and not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'conversation' and a.item_id = c.id and a.cost_group_code = lc.code
    )
union all
select
    'document',
    d.id,
    lc.code,
    g.name_de,
    'label',
    l.source,
    l.source_id,
    l.name,
    d.title,
    d.updated_at,
    d.is_deleted,
    g.path
from planwerk.label_cost_group as lc
join planwerk.cost_group as g on g.code = lc.code
join planwerk.label as l on l.source = lc.label_source and l.source_id = lc.label_id
join planwerk.document_summary as d on d.folder_id = l.source_id
where l.source = 'craft' and not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'document' and a.item_id = d.id and a.cost_group_code = lc.code
    )
union all
select
    a.item_kind,
    i.id,
    a.cost_group_code,
    g.name_de,
    'manual',
    null,
    null,
    null,
    i.title,
    i.updated_at,
    i.is_deleted,
    g.path
from planwerk.assignment as a
join planwerk.cost_group as g on g.code = a.cost_group_code
join planwerk.item_summary as i on i.kind = a.item_kind and i.id = a.item_id
where a.verdict = 'include';
comment on view planwerk.item_cost_group is 'Items and their cost groups, one row per item, group and label.';
comment on column planwerk.item_cost_group.item_kind is 'Kind of the item: task, conversation or document.';
comment on column planwerk.item_cost_group.item_id is 'Id of the item, as text.';
comment on column planwerk.item_cost_group.label_source is 'Source of the label.';
comment on column planwerk.item_cost_group.label_id is 'Id of the label.';
comment on column planwerk.item_cost_group.label_name is 'Name of the label.';
comment on column planwerk.item_cost_group.title is 'Title of the item.';
comment on column planwerk.item_cost_group.updated_at is 'When the item last changed.';
comment on column planwerk.item_cost_group.is_deleted is 'The item, or what contains it, is deleted.';
comment on column planwerk.item_cost_group.via is 'label = by a label, manual = by a person, native = by the source itself.';
comment on column planwerk.item_cost_group.code is 'DIN 276 cost group.';
comment on column planwerk.item_cost_group.cost_group_name is 'Name of the cost group.';
comment on column planwerk.item_cost_group.code_path is 'The group with those that it belongs to, from level 1 down: “400 = any (code_path)” finds 400 with all below it.';

create or replace view planwerk.item_location as
select
    'task'::text as item_kind,
    t.id::text as item_id,
    loc.id as location_id,
    loc.kind as location_kind,
    loc.name as location_name,
    loc.path as location_path,
    'label'::text as via,
    l.source as label_source,
    l.source_id as label_id,
    l.name as label_name,
    t.title,
    t.updated_at,
    t.is_deleted
from planwerk.label_location as ll
join planwerk.location as loc on loc.id = ll.location_id
join planwerk.label as l on l.source = ll.label_source and l.source_id = ll.label_id
join planwerk.task_summary as t on t.tag_ids @> array[case when l.source = 'teamwork' then l.source_id::bigint end]
where not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'task' and a.item_id = t.id::text and a.location_id = loc.id
    )
union all
select
    'conversation',
    c.id,
    loc.id,
    loc.kind,
    loc.name,
    loc.path,
    'label',
    l.source,
    l.source_id,
    l.name,
    c.title,
    c.updated_at,
    c.is_deleted
from planwerk.label_location as ll
join planwerk.location as loc on loc.id = ll.location_id
join planwerk.label as l on l.source = ll.label_source and l.source_id = ll.label_id
join planwerk.conversation_summary as c on c.label_ids @> array[l.source_id]
where l.source = 'missive' and not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'conversation' and a.item_id = c.id and a.location_id = loc.id
    )
union all
select
    'document',
    d.id,
    loc.id,
    loc.kind,
    loc.name,
    loc.path,
    'label',
    l.source,
    l.source_id,
    l.name,
    d.title,
    d.updated_at,
    d.is_deleted
from planwerk.label_location as ll
join planwerk.location as loc on loc.id = ll.location_id
join planwerk.label as l on l.source = ll.label_source and l.source_id = ll.label_id
join planwerk.document_summary as d on d.folder_id = l.source_id
where l.source = 'craft' and not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'document' and a.item_id = d.id and a.location_id = loc.id
    )
union all
select
    a.item_kind,
    i.id,
    loc.id,
    loc.kind,
    loc.name,
    loc.path,
    'manual',
    null,
    null,
    null,
    i.title,
    i.updated_at,
    i.is_deleted
from planwerk.assignment as a
join planwerk.location as loc on loc.id = a.location_id and loc.merged_into_id is null
join planwerk.item_summary as i on i.kind = a.item_kind and i.id = a.item_id
where a.verdict = 'include';
comment on view planwerk.item_location is 'Items and their locations.';
comment on column planwerk.item_location.item_kind is 'Kind of the item: task, conversation or document.';
comment on column planwerk.item_location.item_id is 'Id of the item, as text.';
comment on column planwerk.item_location.label_source is 'Source of the label.';
comment on column planwerk.item_location.label_id is 'Id of the label.';
comment on column planwerk.item_location.label_name is 'Name of the label.';
comment on column planwerk.item_location.title is 'Title of the item.';
comment on column planwerk.item_location.updated_at is 'When the item last changed.';
comment on column planwerk.item_location.is_deleted is 'The item, or what contains it, is deleted.';
comment on column planwerk.item_location.via is 'label = by a label, manual = by a person, native = by the source itself.';
comment on column planwerk.item_location.location_id is 'Location.';
comment on column planwerk.item_location.location_kind is 'building, floor or room.';
comment on column planwerk.item_location.location_name is 'Name of the location.';
comment on column planwerk.item_location.location_path is 'Names from the building down.';

create or replace view planwerk.item_project as
select
    'task'::text as item_kind,
    t.id::text as item_id,
    p.id as project_id,
    p.name as project_name,
    'native'::text as via,
    null::text as label_source,
    null::text as label_id,
    null::text as label_name,
    t.title,
    t.updated_at,
    t.is_deleted
from planwerk.task_summary as t
join raw_teamwork.projects as p on p.id = t.project_id
where not exists (
    select from planwerk.assignment as a
    where a.item_kind = 'task' and a.item_id = t.id::text and a.project_id = t.project_id
)
union all
select
    'conversation',
    c.id,
    p.id,
    p.name,
    'label',
    l.source,
    l.source_id,
    l.name,
    c.title,
    c.updated_at,
    c.is_deleted
from planwerk.label_project as lp
join raw_teamwork.projects as p on p.id = lp.project_id
join planwerk.label as l on l.source = lp.label_source and l.source_id = lp.label_id
join planwerk.conversation_summary as c on c.label_ids @> array[l.source_id]
where l.source = 'missive' and not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'conversation' and a.item_id = c.id and a.project_id = lp.project_id
    )
union all
select
    'document',
    d.id,
    p.id,
    p.name,
    'label',
    l.source,
    l.source_id,
    l.name,
    d.title,
    d.updated_at,
    d.is_deleted
from planwerk.label_project as lp
join raw_teamwork.projects as p on p.id = lp.project_id
join planwerk.label as l on l.source = lp.label_source and l.source_id = lp.label_id
join planwerk.document_summary as d on d.folder_id = l.source_id
where l.source = 'craft' and not l.is_deleted
    and not exists (
        select from planwerk.assignment as a
        where a.item_kind = 'document' and a.item_id = d.id and a.project_id = lp.project_id
    )
union all
select
    a.item_kind,
    i.id,
    p.id,
    p.name,
    'manual',
    null,
    null,
    null,
    i.title,
    i.updated_at,
    i.is_deleted
from planwerk.assignment as a
join raw_teamwork.projects as p on p.id = a.project_id
join planwerk.item_summary as i on i.kind = a.item_kind and i.id = a.item_id
where a.verdict = 'include';
comment on view planwerk.item_project is 'Items and their projects: of a task its own, of a conversation those of its labels, of a document that of its folder, and what people include.';
comment on column planwerk.item_project.item_kind is 'Kind of the item: task, conversation or document.';
comment on column planwerk.item_project.item_id is 'Id of the item, as text.';
comment on column planwerk.item_project.label_source is 'Source of the label.';
comment on column planwerk.item_project.label_id is 'Id of the label.';
comment on column planwerk.item_project.label_name is 'Name of the label.';
comment on column planwerk.item_project.title is 'Title of the item.';
comment on column planwerk.item_project.updated_at is 'When the item last changed.';
comment on column planwerk.item_project.is_deleted is 'The item, or what contains it, is deleted.';
comment on column planwerk.item_project.via is 'label = by a label, manual = by a person, native = by the source itself.';
comment on column planwerk.item_project.project_id is 'Project.';
comment on column planwerk.item_project.project_name is 'Name of the project.';
