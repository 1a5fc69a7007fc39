-- A link to selected documents shows of a deleted one hardly more than its id. Null in such a row means
-- "not said", and the stored value stays. As in the file before, "conserve" comes first by its name, and
-- there is no "set search_path".

create or replace function planwerk.conserve_document() returns trigger
language plpgsql
as $$
begin
    if new.is_deleted then
        new.title := coalesce(new.title, old.title);
        new.daily_note_date := coalesce(new.daily_note_date, old.daily_note_date);
        new.created_at := coalesce(new.created_at, old.created_at);
        new.last_modified_at := coalesce(new.last_modified_at, old.last_modified_at);
        new.url := coalesce(new.url, old.url);
    end if;
    return new;
end
$$;
comment on function planwerk.conserve_document() is
'Trigger of raw_craft.documents: a deleted document keeps the title, the dates and the link that were once read.';

create or replace trigger conserve_values before update on raw_craft.documents
for each row execute function planwerk.conserve_document();
