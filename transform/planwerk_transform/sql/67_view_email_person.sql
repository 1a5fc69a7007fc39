-- Mails and who they are from and to. The condition stands there in both directions, so that either
-- the mails of a person or the persons of a mail are found through an index.
create or replace view planwerk.email_person as
select
    p.id as person_id,
    coalesce(p.name, p.address) as person_name,
    p.address,
    p.is_internal,
    array(
        select distinct r.role
        from planwerk.participants(m.from_field, m.to_fields, m.cc_fields, m.bcc_fields, m.reply_to_fields) as r
        where r.address = p.address
        order by r.role
    ) as roles,
    m.id as email_id,
    place.conversation_id,
    m.subject,
    m.from_field ->> 'name' as from_name,
    m.delivered_at,
    coalesce(c.is_deleted, false) as is_deleted
from planwerk.person as p
join raw_missive.messages as m
    on planwerk.participant_addresses(m.from_field, m.to_fields, m.cc_fields, m.bcc_fields, m.reply_to_fields) @> array[p.address]
    and p.address = any(
        planwerk.participant_addresses(m.from_field, m.to_fields, m.cc_fields, m.bcc_fields, m.reply_to_fields)
    )
join planwerk.message_place as place on place.id = m.id
left join planwerk.conversation as c on c.id = place.conversation_id;
comment on view planwerk.email_person is 'Mails and the persons that they are from or to.';
comment on column planwerk.email_person.person_id is 'Person, see planwerk.person.';
comment on column planwerk.email_person.person_name is 'Name; the address where no source has one.';
comment on column planwerk.email_person.address is 'Mail address in lower case.';
comment on column planwerk.email_person.is_internal is 'The person belongs to the office.';
comment on column planwerk.email_person.roles is 'from, to, cc, bcc, reply_to.';
comment on column planwerk.email_person.email_id is 'Mail, see planwerk.email.';
comment on column planwerk.email_person.conversation_id is 'Conversation that it is in, merges followed.';
comment on column planwerk.email_person.subject is 'Subject.';
comment on column planwerk.email_person.from_name is 'Name of the sender as written.';
comment on column planwerk.email_person.delivered_at is 'When it was sent or received.';
comment on column planwerk.email_person.is_deleted is 'The conversation is deleted, or in trash or spam of everybody with access.';
