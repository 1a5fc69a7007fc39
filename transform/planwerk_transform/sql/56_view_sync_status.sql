-- Freshness of every stream. Rows that came again unchanged are not written (see
-- drop_unchanged_update), so last_extracted_at is when the newest stored version of a row was read.
create or replace view planwerk.sync_status as
select
    'craft'::text as source,
    'collection_items'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_craft.collection_items
union all
select
    'craft'::text as source,
    'collections'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_craft.collections
union all
select
    'craft'::text as source,
    'document_contents'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    max(last_modified_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_craft.document_contents
union all
select
    'craft'::text as source,
    'documents'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or is_deleted) as deleted_rows,
    max(last_modified_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_craft.documents
union all
select
    'craft'::text as source,
    'folders'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_craft.folders
union all
select
    'craft'::text as source,
    'tasks'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_craft.tasks
union all
select
    'missive'::text as source,
    'comments'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    max(created_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.comments
union all
select
    'missive'::text as source,
    'contact_books'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.contact_books
union all
select
    'missive'::text as source,
    'contact_groups'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.contact_groups
union all
select
    'missive'::text as source,
    'contacts'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or deleted) as deleted_rows,
    max(modified_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.contacts
union all
select
    'missive'::text as source,
    'conversation_tasks'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    max(last_activity_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.conversation_tasks
union all
select
    'missive'::text as source,
    'conversations'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or is_deleted or merged_into_id is not null) as deleted_rows,
    max(last_activity_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.conversations
union all
select
    'missive'::text as source,
    'messages'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    max(updated_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.messages
union all
select
    'missive'::text as source,
    'organizations'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.organizations
union all
select
    'missive'::text as source,
    'responses'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    max(modified_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.responses
union all
select
    'missive'::text as source,
    'shared_labels'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.shared_labels
union all
select
    'missive'::text as source,
    'teams'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.teams
union all
select
    'missive'::text as source,
    'users'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_missive.users
union all
select
    'teamwork'::text as source,
    'comments'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or deleted or date_deleted is not null) as deleted_rows,
    max(updated_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.comments
union all
select
    'teamwork'::text as source,
    'companies'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or status = 'deleted') as deleted_rows,
    max(updated_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.companies
union all
select
    'teamwork'::text as source,
    'custom_fields'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or deleted or deleted_at is not null) as deleted_rows,
    max(updated_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.custom_fields
union all
select
    'teamwork'::text as source,
    'milestones'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or is_deleted or deleted_on is not null or status = 'deleted') as deleted_rows,
    max(last_changed_on) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.milestones
union all
select
    'teamwork'::text as source,
    'people'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or deleted) as deleted_rows,
    max(updated_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.people
union all
select
    'teamwork'::text as source,
    'project_categories'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.project_categories
union all
select
    'teamwork'::text as source,
    'projects'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or deleted_at is not null or status = 'deleted') as deleted_rows,
    max(updated_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.projects
union all
select
    'teamwork'::text as source,
    'stages'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or deleted_at is not null) as deleted_rows,
    max(updated_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.stages
union all
select
    'teamwork'::text as source,
    'tags'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.tags
union all
select
    'teamwork'::text as source,
    'tasklists'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or status = 'deleted') as deleted_rows,
    max(updated_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.tasklists
union all
select
    'teamwork'::text as source,
    'tasks'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or deleted_at is not null or status = 'deleted') as deleted_rows,
    max(updated_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.tasks
union all
select
    'teamwork'::text as source,
    'teams'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or deleted) as deleted_rows,
    null::timestamptz as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.teams
union all
select
    'teamwork'::text as source,
    'timelogs'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or deleted or deleted_at is not null) as deleted_rows,
    max(updated_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.timelogs
union all
select
    'teamwork'::text as source,
    'workflows'::text as stream,
    count(*) as rows,
    count(*) filter (where _sdc_deleted_at is not null or status = 'deleted') as deleted_rows,
    max(updated_at) as last_change,
    max(_sdc_extracted_at) as last_extracted_at
from raw_teamwork.workflows;
comment on view planwerk.sync_status is 'Rows and freshness of every stream.';
comment on column planwerk.sync_status.source is 'Source.';
comment on column planwerk.sync_status.stream is 'Stream.';
comment on column planwerk.sync_status.rows is 'Stored rows, deleted ones included.';
comment on column planwerk.sync_status.deleted_rows is 'Rows marked deleted.';
comment on column planwerk.sync_status.last_change is 'Newest change by the clock of the source, where rows have one.';
comment on column planwerk.sync_status.last_extracted_at is 'When the newest stored version of a row was read; unchanged rows are not stored again.';
