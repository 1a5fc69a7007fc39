-- What could not be loaded, of all sources. Lines stay until an editor deletes them: a tap tells what
-- it rejects, not what has become right since.
create or replace view planwerk.rejected_row as
select
    'craft'::text as source,
    stream,
    row_id,
    column_name,
    reason,
    value,
    _sdc_extracted_at as rejected_at,
    id
from raw_craft.rejected_rows
union all
select
    'missive'::text as source,
    stream,
    row_id,
    column_name,
    reason,
    -- What mails say is not for every reader (see 90_roles.sql).
    case when stream <> 'messages' or column_name not in ('body', 'body_text') then value end as value,
    _sdc_extracted_at as rejected_at,
    id
from raw_missive.rejected_rows
union all
select
    'teamwork'::text as source,
    stream,
    row_id,
    column_name,
    reason,
    value,
    _sdc_extracted_at as rejected_at,
    id
from raw_teamwork.rejected_rows;
comment on view planwerk.rejected_row is
'Values and rows that could not be loaded. What is still rejected comes back when its row is read again; delete the lines that are settled.';
comment on column planwerk.rejected_row.source is 'Source.';
comment on column planwerk.rejected_row.stream is 'Stream that the row belongs to.';
comment on column planwerk.rejected_row.row_id is 'Key of the row; null if it has none.';
comment on column planwerk.rejected_row.column_name is
'Column that was left empty or short of something; null if the whole row was left out.';
comment on column planwerk.rejected_row.reason is 'Why it could not be loaded.';
comment on column planwerk.rejected_row.value is 'What was sent, as JSON; long values are cut, and what a mail says is left out.';
comment on column planwerk.rejected_row.rejected_at is 'When it was first read as it is here.';
comment on column planwerk.rejected_row.id is 'Digest of stream, row and column.';

create or replace function planwerk.delete_rejected_row() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if old.source = 'craft' then
        delete from raw_craft.rejected_rows where id = old.id;
    elsif old.source = 'missive' then
        delete from raw_missive.rejected_rows where id = old.id;
    else
        delete from raw_teamwork.rejected_rows where id = old.id;
    end if;
    return old;
end
$$;
comment on function planwerk.delete_rejected_row() is
'Trigger of planwerk.rejected_row: lets those who may delete a line of the view do so, who have no right to the raw tables.';

create or replace trigger delete_rejected_row instead of delete on planwerk.rejected_row
for each row execute function planwerk.delete_rejected_row();
