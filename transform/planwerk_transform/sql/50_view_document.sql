-- Documents with names instead of ids. A document carries all folders of its path, but its categories
-- are those of the folder that it lies in: what the name of that folder leaves open, it has already taken
-- from the nearest one above, so the deepest wins. Content and lists are subqueries: they cost nothing
-- when a query does not ask for the column, and leave one table alone in the "from", as the view item needs.
create or replace view planwerk.document as
select
    d.id,
    coalesce(nullif(btrim(d.title), ''), to_char(d.daily_note_date, 'YYYY-MM-DD'), '(untitled)') as title,
    planwerk.document_status(d.location, d.is_deleted, d._sdc_deleted_at) as status,
    d.folder_id,
    d.folder_ids,
    coalesce(d.folder_path, '{}') as folders,
    nullif(array_to_string(d.folder_path, ' / '), '') as folder_path,
    d.location,
    d.daily_note_date,
    array(
        select x.code from planwerk.label_cost_group as x
        join planwerk.label as l on l.source = x.label_source and l.source_id = x.label_id
        where x.label_source = 'craft' and x.label_id = d.folder_id and not l.is_deleted
            and not exists (
                select from planwerk.assignment as a
                where a.item_kind = 'document' and a.item_id = d.id and a.cost_group_code = x.code
            )
        union
        select a.cost_group_code from planwerk.assignment as a
        where a.item_kind = 'document' and a.item_id = d.id and a.category = 'cost_group' and a.verdict = 'include'
        order by 1
    ) as cost_group_codes,
    array(
        select array_to_string(place.path, ' / ') from planwerk.label_location as x
        join planwerk.label as l on l.source = x.label_source and l.source_id = x.label_id
        join planwerk.location as place on place.id = x.location_id
        where x.label_source = 'craft' and x.label_id = d.folder_id and not l.is_deleted
            and not exists (
                select from planwerk.assignment as a
                where a.item_kind = 'document' and a.item_id = d.id and a.location_id = x.location_id
            )
        union
        select array_to_string(place.path, ' / ') from planwerk.assignment as a
        join planwerk.location as place on place.id = a.location_id and place.merged_into_id is null
        where a.item_kind = 'document' and a.item_id = d.id and a.category = 'location' and a.verdict = 'include'
        order by 1
    ) as location_paths,
    coalesce(
        (
            select tt.name from planwerk.assignment as a
            join planwerk.task_type as tt on tt.id = a.task_type_id
            where a.item_kind = 'document' and a.item_id = d.id and a.category = 'task_type' and a.verdict = 'include'
        ),
        (
            select tt.name from planwerk.label_task_type as x
            join planwerk.label as l on l.source = x.label_source and l.source_id = x.label_id
            join planwerk.task_type as tt on tt.id = x.task_type_id
            where x.label_source = 'craft' and x.label_id = d.folder_id and not l.is_deleted
                and not exists (
                    select from planwerk.assignment as a
                    where a.item_kind = 'document' and a.item_id = d.id and a.task_type_id = tt.id
                )
            order by tt.is_default, tt.id
            limit 1
        )
    ) as task_type,
    (select c.text from raw_craft.document_contents as c where c.document_id = d.id) as text,
    (select c.markdown from raw_craft.document_contents as c where c.document_id = d.id) as markdown,
    (select c.word_count from raw_craft.document_contents as c where c.document_id = d.id) as word_count,
    exists (
        select from raw_craft.document_contents as c
        where c.document_id = d.id and c.last_modified_at is not distinct from d.last_modified_at
    ) as is_content_current,
    d.created_at,
    d.last_modified_at as updated_at,
    coalesce(d.is_deleted or d._sdc_deleted_at is not null, false) as is_deleted,
    d.url,
    case
        when d.url like 'craftdocs://open?spaceId=%&documentId=%' and d.url not like '%&%&%'
            then replace(replace(d.url, 'craftdocs://open?spaceId=', 'https://docs.craft.do/editor/d/'), '&documentId=', '/')
    end as web_url,
    planwerk.project_of_item('document', d.id, 'craft', array[d.folder_id]) as project_id,
    (
        select p.name from raw_teamwork.projects as p
        where p.id = planwerk.project_of_item('document', d.id, 'craft', array[d.folder_id])
    ) as project_name
from raw_craft.documents as d;
comment on view planwerk.document is 'Craft documents with names instead of ids.';
comment on column planwerk.document.id is 'Id in Craft.';
comment on column planwerk.document.title is 'Title; of an untitled one the day, for a daily note, else (untitled).';
comment on column planwerk.document.status is 'active, trashed, or deleted: gone from Craft or from what the link shows.';
comment on column planwerk.document.folder_id is 'Folder that it lies in; empty outside folders.';
comment on column planwerk.document.folder_ids is 'Ids of the folders from the top one down, as loaded; empty where the link shows no folders.';
comment on column planwerk.document.folders is 'Names of these folders.';
comment on column planwerk.document.folder_path is 'The same, joined by " / "; empty outside folders.';
comment on column planwerk.document.location is 'Craft''s place for what is in no folder: unsorted, templates, daily_notes or trash.';
comment on column planwerk.document.daily_note_date is 'Day of a daily note.';
comment on column planwerk.document.cost_group_codes is 'DIN 276 cost groups of its folder, or named by a person.';
comment on column planwerk.document.location_paths is 'Locations of its folder, or named by a person, from the building down.';
comment on column planwerk.document.task_type is 'Type that a person said, else of its folder; empty if none.';
comment on column planwerk.document.text is 'What it says, as plain text without the title; empty until it was read.';
comment on column planwerk.document.markdown is 'What it says, in Craft''s Markdown.';
comment on column planwerk.document.word_count is 'Words in text.';
comment on column planwerk.document.is_content_current is 'The text is of the last change; if not, it is older or not yet read.';
comment on column planwerk.document.created_at is 'When it was created.';
comment on column planwerk.document.updated_at is 'When something in it was last changed.';
comment on column planwerk.document.is_deleted is 'In the trash, deleted, or no longer among what the link shows.';
comment on column planwerk.document.url is 'Link that opens it in Craft.';
comment on column planwerk.document.web_url is 'The same for a web browser, where Craft says enough.';
comment on column planwerk.document.project_id is 'Project that a person said, else that of its folder; empty for none or several, see item_project.';
comment on column planwerk.document.project_name is 'Name of the project.';
