-- Files of messages and comments, one row each. The API's objects are the same in both.
create or replace view planwerk.attachment as
select
    f.file ->> 'id' as id,
    'message'::text as carrier,
    place.conversation_id,
    m.id as message_id,
    null::text as comment_id,
    coalesce(nullif(btrim(f.file ->> 'filename'), ''), concat_ws('.', 'attachment', nullif(f.file ->> 'extension', ''))) as filename,
    lower(coalesce(nullif(f.file ->> 'extension', ''), substring(f.file ->> 'filename' from '\.([[:alnum:]]+)$'))) as extension,
    nullif(lower(concat_ws('/', nullif(f.file ->> 'media_type', ''), nullif(f.file ->> 'sub_type', ''))), '') as media_type,
    case jsonb_typeof(f.file -> 'size') when 'number' then (f.file ->> 'size')::numeric end as size_bytes,
    case jsonb_typeof(f.file -> 'width') when 'number' then (f.file ->> 'width')::numeric end as width,
    case jsonb_typeof(f.file -> 'height') when 'number' then (f.file ->> 'height')::numeric end as height,
    m.delivered_at,
    coalesce(m.from_field ->> 'address', m.from_field ->> 'username', m.from_field ->> 'id') as from_address,
    m.subject,
    coalesce(c.is_deleted, false) as is_deleted,
    f.file ->> 'url' as url
from planwerk.message_place as place
join raw_missive.messages as m on m.id = place.id
cross join lateral jsonb_array_elements(
    case jsonb_typeof(m.attachments) when 'array' then m.attachments else '[]' end
) as f (file)
left join planwerk.conversation as c on c.id = place.conversation_id
where jsonb_typeof(f.file) = 'object'
union all
select
    m.attachment ->> 'id',
    'comment',
    place.conversation_id,
    null,
    m.id,
    coalesce(
        nullif(btrim(m.attachment ->> 'filename'), ''), concat_ws('.', 'attachment', nullif(m.attachment ->> 'extension', ''))
    ),
    lower(coalesce(nullif(m.attachment ->> 'extension', ''), substring(m.attachment ->> 'filename' from '\.([[:alnum:]]+)$'))),
    nullif(lower(concat_ws('/', nullif(m.attachment ->> 'media_type', ''), nullif(m.attachment ->> 'sub_type', ''))), ''),
    case jsonb_typeof(m.attachment -> 'size') when 'number' then (m.attachment ->> 'size')::numeric end,
    case jsonb_typeof(m.attachment -> 'width') when 'number' then (m.attachment ->> 'width')::numeric end,
    case jsonb_typeof(m.attachment -> 'height') when 'number' then (m.attachment ->> 'height')::numeric end,
    m.created_at,
    m.author ->> 'email',
    null,
    coalesce(c.is_deleted, false),
    m.attachment ->> 'url'
from planwerk.comment_place as place
join raw_missive.comments as m on m.id = place.id
left join planwerk.conversation as c on c.id = place.conversation_id
where jsonb_typeof(m.attachment) = 'object';
comment on view planwerk.attachment is 'Files of messages and comments, one row each.';
comment on column planwerk.attachment.id is 'Id in Missive.';
comment on column planwerk.attachment.carrier is 'message or comment.';
comment on column planwerk.attachment.conversation_id is 'Conversation, merges followed.';
comment on column planwerk.attachment.message_id is 'Message that carries it.';
comment on column planwerk.attachment.comment_id is 'Comment that carries it.';
comment on column planwerk.attachment.filename is 'Name of the file; attachment and its extension where it has none.';
comment on column planwerk.attachment.extension is 'Extension in lower case, without the dot.';
comment on column planwerk.attachment.media_type is 'Such as application/pdf.';
comment on column planwerk.attachment.size_bytes is 'Size in bytes.';
comment on column planwerk.attachment.width is 'Width of an image in pixels.';
comment on column planwerk.attachment.height is 'Height of an image in pixels.';
comment on column planwerk.attachment.delivered_at is 'When the message was sent or received, or the comment written.';
comment on column planwerk.attachment.from_address is 'Who sent it.';
comment on column planwerk.attachment.subject is 'Subject of the message.';
comment on column planwerk.attachment.is_deleted is 'The conversation is deleted, or in trash or spam of everybody with access.';
comment on column planwerk.attachment.url is 'Address without its signature: it names the file but does not open it.';
