-- The status of conversations and documents as people see it: views show it, and the history tells when
-- it changed.

create or replace function planwerk.conversation_status(
    merged_into_id text, is_deleted boolean, is_trashed boolean, is_junked boolean, users jsonb
) returns text
language sql immutable parallel safe
as $$
    select case
        when merged_into_id is not null then 'merged'
        when is_deleted then 'deleted'
        when is_trashed then 'trashed'
        when is_junked then 'spam'
        when users @? '$[*]' and not users @? '$[*] ? (!(@.closed == true))' then 'closed'
        else 'open'
    end
$$;
comment on function planwerk.conversation_status(text, boolean, boolean, boolean, jsonb) is
'open, closed (by everybody), trashed (by everybody), spam (for everybody), deleted or merged.';

create or replace function planwerk.document_status(
    location text, is_deleted boolean, missing_since timestamptz
) returns text
language sql immutable parallel safe
as $$
    select case
        when missing_since is not null then 'deleted'
        when location = 'trash' then 'trashed'
        when is_deleted then 'deleted'
        else 'active'
    end
$$;
comment on function planwerk.document_status(text, boolean, timestamptz) is
'active, trashed or deleted.';
