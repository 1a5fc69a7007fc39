-- Rows of the tables within documents. Craft names their values by keys that nobody sees; here they
-- have the names of the columns, with the key behind where two columns share a name.
create or replace view planwerk.collection_row as
select
    i.id,
    i.collection_id,
    c.name as collection_name,
    coalesce(i.document_id, c.document_id) as document_id,
    d.title as document_title,
    d.folder_path,
    i.title,
    c.title_name,
    (
        select coalesce(jsonb_object_agg(
            case
                when named.name is null then v.key
                when named.is_shared then format('%s (%s)', named.name, v.key)
                else named.name
            end,
            v.value
        ), '{}')
        from jsonb_each(case jsonb_typeof(i.properties) when 'object' then i.properties else '{}' end) as v (key, value)
        left join (
            select
                p.property ->> 'key' as key,
                nullif(btrim(p.property ->> 'name'), '') as name,
                count(*) over (partition by btrim(p.property ->> 'name')) > 1 as is_shared
            from jsonb_array_elements(case jsonb_typeof(c.properties) when 'array' then c.properties else '[]' end) as p (property)
        ) as named on named.key = v.key
    ) as properties,
    d.cost_group_codes,
    d.location_paths,
    coalesce(i._sdc_deleted_at is not null or c._sdc_deleted_at is not null or d.is_deleted, false) as is_deleted,
    d.url,
    d.web_url,
    d.project_id,
    d.project_name
from raw_craft.collection_items as i
left join raw_craft.collections as c on c.id = i.collection_id
left join planwerk.document as d on d.id = coalesce(i.document_id, c.document_id);
comment on view planwerk.collection_row is 'Rows of collections, the tables within Craft documents.';
comment on column planwerk.collection_row.id is 'Id in Craft, which is that of its block.';
comment on column planwerk.collection_row.collection_id is 'Collection.';
comment on column planwerk.collection_row.collection_name is 'Name of the collection.';
comment on column planwerk.collection_row.document_id is 'Document that the collection is in.';
comment on column planwerk.collection_row.document_title is 'Title of the document.';
comment on column planwerk.collection_row.folder_path is 'Folders of the document from the top one down, joined by " / ".';
comment on column planwerk.collection_row.title is 'Title of the row.';
comment on column planwerk.collection_row.title_name is 'What the collection calls its titles.';
comment on column planwerk.collection_row.properties is 'Values by the name of the column; an empty one is missing.';
comment on column planwerk.collection_row.cost_group_codes is 'DIN 276 cost groups of the document.';
comment on column planwerk.collection_row.location_paths is 'Locations of the document, from the building down.';
comment on column planwerk.collection_row.is_deleted is 'Gone from Craft, or its collection or document is.';
comment on column planwerk.collection_row.url is 'Link that opens the document in Craft.';
comment on column planwerk.collection_row.web_url is 'The same for a web browser, where Craft says enough.';
comment on column planwerk.collection_row.project_id is 'Project of the document, empty if none.';
comment on column planwerk.collection_row.project_name is 'Name of the project.';
