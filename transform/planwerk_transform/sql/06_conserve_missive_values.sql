-- Missive sends less than it once sent: a guest sees only the id of a conversation, a gone or merged
-- one comes back as a bare mark, a message is redacted, a deleted contact is a tombstone. Null in
-- such a row means "not said", and the stored value stays. A full row changes and removes whatever it
-- says. Triggers fire in the order of their names: "conserve" comes before "drop_unchanged_update",
-- which then sees the completed row and drops it if nothing is new.
-- No "set search_path": it would cost more per row than all the rest; operators are built-in ones.

create or replace function planwerk.conserve_conversation() returns trigger
language plpgsql
as $$
declare
    said record;
begin
    if new.is_guest or new.is_deleted or new.merged_into_id is not null then
        said := new;
        new := old;
        new.is_deleted := said.is_deleted;
        if said.is_guest then
            new.is_guest := true;
            new.last_activity_at := coalesce(said.last_activity_at, old.last_activity_at);
            new.merged_into_id := null;
        elsif said.merged_into_id is not null then
            new.merged_into_id := said.merged_into_id;
        end if;
        new._sdc_extracted_at := said._sdc_extracted_at;
        new._sdc_received_at := said._sdc_received_at;
        new._sdc_batched_at := said._sdc_batched_at;
        new._sdc_deleted_at := said._sdc_deleted_at;
        new._sdc_sequence := said._sdc_sequence;
        new._sdc_table_version := said._sdc_table_version;
        new._sdc_sync_started_at := said._sdc_sync_started_at;
        return new;
    end if;

    -- A full row: a single fetch lacks the creation, and what hangs on a list is unknown without it.
    new.created_at := coalesce(new.created_at, old.created_at);
    if new.shared_label_ids is null then
        new.shared_label_ids := old.shared_label_ids;
        new.shared_labels := old.shared_labels;
        new.shared_label_names := old.shared_label_names;
    end if;
    if new.assignee_ids is null then
        new.assignee_ids := old.assignee_ids;
        new.assignee_names := old.assignee_names;
        new.assignee_emails := old.assignee_emails;
    end if;
    if new.is_trashed is null then
        new.users := old.users;
        new.is_trashed := old.is_trashed;
        new.is_junked := old.is_junked;
    end if;
    return new;
end
$$;
comment on function planwerk.conserve_conversation() is
'Trigger of raw_missive.conversations: what a guest row, a deleted or merged mark or a row with gaps does not say stays as it was.';

create or replace function planwerk.conserve_message() returns trigger
language plpgsql
as $$
begin
    new.conversation_id := coalesce(new.conversation_id, old.conversation_id);
    new.preview := coalesce(new.preview, old.preview);
    -- The loader writes a missing structure as JSON's null.
    new.to_fields := coalesce(nullif(new.to_fields, 'null'), old.to_fields, new.to_fields);
    new.cc_fields := coalesce(nullif(new.cc_fields, 'null'), old.cc_fields, new.cc_fields);
    new.bcc_fields := coalesce(nullif(new.bcc_fields, 'null'), old.bcc_fields, new.bcc_fields);
    new.reply_to_fields := coalesce(nullif(new.reply_to_fields, 'null'), old.reply_to_fields, new.reply_to_fields);
    if new.body is null then
        new.body := old.body;
        new.body_text := coalesce(new.body_text, old.body_text);
        new.subject := coalesce(new.subject, old.subject);
        new.email_message_id := coalesce(new.email_message_id, old.email_message_id);
        new.in_reply_to := coalesce(new.in_reply_to, old.in_reply_to);
        new."references" := coalesce(new."references", old."references");
        new.author := coalesce(nullif(new.author, 'null'), old.author, new.author);
        new.from_field := coalesce(nullif(new.from_field, 'null'), old.from_field, new.from_field);
        new.attachments := coalesce(nullif(new.attachments, 'null'), old.attachments, new.attachments);
    end if;
    return new;
end
$$;
comment on function planwerk.conserve_message() is
'Trigger of raw_missive.messages: a redacted message keeps the text and the recipients that were once read.';

create or replace function planwerk.conserve_contact() returns trigger
language plpgsql
as $$
declare
    said record;
begin
    if new.deleted then
        said := new;
        new := old;
        new.deleted := true;
        new.contact_book_id := coalesce(said.contact_book_id, old.contact_book_id);
        new.modified_at := coalesce(said.modified_at, old.modified_at);
        new._sdc_extracted_at := said._sdc_extracted_at;
        new._sdc_received_at := said._sdc_received_at;
        new._sdc_batched_at := said._sdc_batched_at;
        new._sdc_deleted_at := said._sdc_deleted_at;
        new._sdc_sequence := said._sdc_sequence;
        new._sdc_table_version := said._sdc_table_version;
        new._sdc_sync_started_at := said._sdc_sync_started_at;
    end if;
    return new;
end
$$;
comment on function planwerk.conserve_contact() is
'Trigger of raw_missive.contacts: the tombstone of a deleted contact leaves its names and addresses.';

create or replace trigger conserve_values before update on raw_missive.conversations
for each row execute function planwerk.conserve_conversation();
create or replace trigger conserve_values before update on raw_missive.messages
for each row execute function planwerk.conserve_message();
create or replace trigger conserve_values before update on raw_missive.contacts
for each row execute function planwerk.conserve_contact();
