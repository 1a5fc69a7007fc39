-- A merge leaves one conversation with all messages and comments, though the source may not have sent
-- them again since. Those are listed in planwerk.moved_entry, so that a place is a plain column which
-- can be searched through an index: what stayed is in the raw table, what moved in the list.

create or replace view planwerk.merged_conversation as
with recursive step as (
    select c.id, c.merged_into_id from raw_missive.conversations as c where c.merged_into_id is not null
    union
    select s.id, c.merged_into_id
    from step as s
    join raw_missive.conversations as c on c.id = s.merged_into_id
    where c.merged_into_id is not null
)
select
    s.id,
    s.merged_into_id as survivor_id
from step as s
where not exists (
    select from raw_missive.conversations as c where c.id = s.merged_into_id and c.merged_into_id is not null
);
comment on view planwerk.merged_conversation is 'Conversations that were merged into another one, over any number of merges.';
comment on column planwerk.merged_conversation.id is 'Conversation that is no more.';
comment on column planwerk.merged_conversation.survivor_id is 'Conversation that has its messages and comments now.';

create or replace function planwerk.refresh_moved_entries()
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    -- the one lock of all derived tables: two could be taken in either order
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));

    with moved as materialized (
        select m.id, x.survivor_id
        from planwerk.merged_conversation as x join raw_missive.messages as m on m.conversation_id = x.id
        union
        select c.id, x.survivor_id
        from planwerk.merged_conversation as x join raw_missive.comments as c on c.conversation_id = x.id
    ),
    gone as (
        delete from planwerk.moved_entry as e
        where not exists (select from moved where moved.id = e.id)
    )
    insert into planwerk.moved_entry as e (id, conversation_id)
    select moved.id, moved.survivor_id from moved
    on conflict (id) do update
    set conversation_id = excluded.conversation_id
    where e.conversation_id <> excluded.conversation_id;
end
$$;
comment on function planwerk.refresh_moved_entries() is
'Lists anew what merges moved: merges are few, and most of what they moved comes again with its new place.';

create or replace function planwerk.follow_merges() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    concerned boolean := true;
begin
    if tg_table_name = 'conversations' and tg_op = 'INSERT' then
        concerned := exists (select from new_rows as n where n.merged_into_id is not null);
    elsif tg_table_name = 'conversations' and tg_op = 'UPDATE' then
        -- No join: planned for a first statement of one row, it would take hours for one of many.
        concerned := exists (
            select n.id, n.merged_into_id from new_rows as n where n.merged_into_id is not null
            except
            select o.id, o.merged_into_id from old_rows as o where o.merged_into_id is not null
        ) or exists (
            select o.id, o.merged_into_id from old_rows as o where o.merged_into_id is not null
            except
            select n.id, n.merged_into_id from new_rows as n where n.merged_into_id is not null
        );
    elsif tg_op in ('INSERT', 'UPDATE') then
        if not exists (select from new_rows) then
            return null;
        end if;
        -- before looking: a merge that another session is about to commit would be missed
        perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));
        concerned := exists (
            select from new_rows as n
            where n.conversation_id in (select c.id from raw_missive.conversations as c where c.merged_into_id is not null)
                or n.id in (select e.id from planwerk.moved_entry as e)
        );
    end if;
    if concerned then
        perform planwerk.refresh_moved_entries();
    end if;
    return null;
exception when others then
    perform planwerk.record_trigger_error('missive', tg_table_name, null, sqlerrm);
    return null;
end
$$;
comment on function planwerk.follow_merges() is
'Trigger of raw_missive.conversations, messages and comments: keeps planwerk.moved_entry current.';

create or replace trigger follow_merges_of_inserted after insert on raw_missive.conversations
referencing new table as new_rows
for each statement execute function planwerk.follow_merges();
create or replace trigger follow_merges_of_updated after update on raw_missive.conversations
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.follow_merges();
create or replace trigger follow_merges_of_deleted after delete or truncate on raw_missive.conversations
for each statement execute function planwerk.follow_merges();
create or replace trigger follow_merges_of_inserted after insert on raw_missive.messages
referencing new table as new_rows
for each statement execute function planwerk.follow_merges();
create or replace trigger follow_merges_of_updated after update on raw_missive.messages
referencing new table as new_rows
for each statement execute function planwerk.follow_merges();
create or replace trigger follow_merges_of_deleted after delete or truncate on raw_missive.messages
for each statement execute function planwerk.follow_merges();
create or replace trigger follow_merges_of_inserted after insert on raw_missive.comments
referencing new table as new_rows
for each statement execute function planwerk.follow_merges();
create or replace trigger follow_merges_of_updated after update on raw_missive.comments
referencing new table as new_rows
for each statement execute function planwerk.follow_merges();
create or replace trigger follow_merges_of_deleted after delete or truncate on raw_missive.comments
for each statement execute function planwerk.follow_merges();

create or replace view planwerk.message_place as
select
    p.id,
    p.conversation_id
from (
    select
        m.id,
        m.conversation_id,
        false as is_moved
    from raw_missive.messages as m
    union all
    select
        e.id,
        e.conversation_id,
        true as is_moved
    from planwerk.moved_entry as e
) as p
where p.is_moved or not exists (select from planwerk.moved_entry as e where e.id = p.id);
comment on view planwerk.message_place is 'The conversation that each message is in, merges followed; to be joined with the messages, for comments that moved are there too.';
comment on column planwerk.message_place.id is 'Message.';
comment on column planwerk.message_place.conversation_id is 'Conversation.';

create or replace view planwerk.comment_place as
select
    p.id,
    p.conversation_id
from (
    select
        c.id,
        c.conversation_id,
        false as is_moved
    from raw_missive.comments as c
    union all
    select
        e.id,
        e.conversation_id,
        true as is_moved
    from planwerk.moved_entry as e
) as p
where p.is_moved or not exists (select from planwerk.moved_entry as e where e.id = p.id);
comment on view planwerk.comment_place is 'The conversation that each comment is in, merges followed; to be joined with the comments, for messages that moved are there too.';
comment on column planwerk.comment_place.id is 'Comment.';
comment on column planwerk.comment_place.conversation_id is 'Conversation.';
