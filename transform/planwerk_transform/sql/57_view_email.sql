-- Messages with the names and categories of their conversation.
create or replace view planwerk.email as
select
    m.id,
    place.conversation_id,
    c.title as conversation_title,
    m.type,
    m.subject,
    m.from_field ->> 'name' as from_name,
    coalesce(m.from_field ->> 'address', m.from_field ->> 'username', m.from_field ->> 'id') as from_address,
    case
        when jsonb_typeof(m.to_fields) = 'array' then array(
            select coalesce(r.person ->> 'address', r.person ->> 'username', r.person ->> 'id')
            from jsonb_array_elements(m.to_fields) with ordinality as r (person, n)
            order by r.n
        )
    end as to_addresses,
    case
        when jsonb_typeof(m.cc_fields) = 'array' then array(
            select coalesce(r.person ->> 'address', r.person ->> 'username', r.person ->> 'id')
            from jsonb_array_elements(m.cc_fields) with ordinality as r (person, n)
            order by r.n
        )
    end as cc_addresses,
    case
        when jsonb_typeof(m.bcc_fields) = 'array' then array(
            select coalesce(r.person ->> 'address', r.person ->> 'username', r.person ->> 'id')
            from jsonb_array_elements(m.bcc_fields) with ordinality as r (person, n)
            order by r.n
        )
    end as bcc_addresses,
    m.author ->> 'name' as sent_by,
    m.delivered_at,
    m.preview,
    m.body_text,
    m.body as body_html,
    case jsonb_typeof(m.attachments) when 'array' then m.attachments else '[]' end as attachments,
    case jsonb_typeof(m.attachments) when 'array' then jsonb_array_length(m.attachments) else 0 end as attachment_count,
    c.labels,
    c.label_paths,
    c.cost_group_codes,
    c.location_paths,
    c.task_type,
    c.team_name,
    c.assignees,
    m.email_message_id,
    m.in_reply_to,
    m.created_at,
    m.updated_at,
    coalesce(m.draft, false) as is_draft,
    coalesce(c.is_deleted, false) as is_deleted,
    c.url,
    c.project_id,
    c.project_name,
    (select p.id from planwerk.person as p where p.address = planwerk.mail_address(m.from_field ->> 'address')) as from_person_id,
    (select p.name from planwerk.person as p where p.address = planwerk.mail_address(m.from_field ->> 'address')) as from_person_name
from planwerk.message_place as place
join raw_missive.messages as m on m.id = place.id
left join planwerk.conversation as c on c.id = place.conversation_id;
comment on view planwerk.email is 'Messages of every channel, mostly mail, with the names and categories of their conversation.';
comment on column planwerk.email.id is 'Id in Missive.';
comment on column planwerk.email.conversation_id is 'Conversation that it is in, merges followed.';
comment on column planwerk.email.conversation_title is 'Title of the conversation.';
comment on column planwerk.email.type is 'Channel: email, sms, custom_text ...';
comment on column planwerk.email.subject is 'Subject; channels without one have none.';
comment on column planwerk.email.from_name is 'Name of the sender.';
comment on column planwerk.email.from_address is 'Address of the sender as written, or number or user name in other channels.';
comment on column planwerk.email.to_addresses is 'Recipients as written; empty array for none, null where the owner of the token may not see them.';
comment on column planwerk.email.cc_addresses is 'Recipients of a copy, likewise.';
comment on column planwerk.email.bcc_addresses is 'Recipients of a blind copy, likewise.';
comment on column planwerk.email.sent_by is 'Colleague who sent it; empty for incoming mail.';
comment on column planwerk.email.delivered_at is 'When it was sent or received.';
comment on column planwerk.email.preview is 'Beginning of the text.';
comment on column planwerk.email.body_text is 'Text without markup.';
comment on column planwerk.email.body_html is 'Text as sent: HTML for mail, plain in text channels.';
comment on column planwerk.email.attachments is 'Attachments as Missive sends them, as an array; one row each in planwerk.attachment.';
comment on column planwerk.email.attachment_count is 'How many attachments.';
comment on column planwerk.email.labels is 'Names of the labels of the conversation.';
comment on column planwerk.email.label_paths is 'The same with the names above them, joined by " / ".';
comment on column planwerk.email.cost_group_codes is 'DIN 276 cost groups of the conversation.';
comment on column planwerk.email.location_paths is 'Locations of the conversation, from the building down.';
comment on column planwerk.email.task_type is 'Type of the conversation, empty if none.';
comment on column planwerk.email.team_name is 'Team of the conversation.';
comment on column planwerk.email.assignees is 'Colleagues in charge of the conversation.';
comment on column planwerk.email.email_message_id is 'Message-ID of the mail; not unique, for the same mail may have reached several mailboxes.';
comment on column planwerk.email.in_reply_to is 'Message-IDs that it answers.';
comment on column planwerk.email.created_at is 'When it came into Missive; an import may be years later.';
comment on column planwerk.email.updated_at is 'When Missive''s record of it last changed.';
comment on column planwerk.email.is_draft is 'A draft.';
comment on column planwerk.email.is_deleted is 'The conversation is deleted, or in trash or spam of everybody with access.';
comment on column planwerk.email.url is 'Web address of the conversation.';
comment on column planwerk.email.project_id is 'Project of the conversation; empty for none or several.';
comment on column planwerk.email.project_name is 'Name of the project.';
comment on column planwerk.email.from_person_id is 'Sender, see planwerk.person; empty in channels without mail addresses.';
comment on column planwerk.email.from_person_name is 'Name of this person, whatever name the mail gives.';
