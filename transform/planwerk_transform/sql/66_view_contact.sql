-- Who somebody is: persons with their firms, for reading and for finding ids.
create or replace view planwerk.contact as
select
    p.id as person_id,
    coalesce(p.name, p.address) as name,
    p.address,
    split_part(p.address, '@', 2) as domain,
    (
        select coalesce(
            min(c.name),
            min((
                select jsonb_path_query_first(k.memberships, '$[*].group ? (@.kind == "organization").name') #>> '{}'
                from raw_missive.contacts as k
                where i.kind = 'contact' and k.id = i.source_id
            ))
        )
        from planwerk.person_identity as i
        left join raw_teamwork.people as t on t.id = case when i.kind = 'person' then i.source_id::bigint end
        left join raw_teamwork.companies as c on c.id = t.company_id
        where i.address = p.address
    ) as company,
    (
        select coalesce(
            min(nullif(t.title, '')),
            min((
                select jsonb_path_query_first(k.memberships, '$[*].title ? (@ != "")') #>> '{}'
                from raw_missive.contacts as k
                where i.kind = 'contact' and k.id = i.source_id
            ))
        )
        from planwerk.person_identity as i
        left join raw_teamwork.people as t on t.id = case when i.kind = 'person' then i.source_id::bigint end
        where i.address = p.address
    ) as job_title,
    p.is_internal,
    array(
        select distinct case i.kind when 'person' then 'teamwork' when 'address' then 'mail' else i.kind end
        from planwerk.person_identity as i
        where i.address = p.address
        order by 1
    ) as known_from
from planwerk.person as p;
comment on view planwerk.contact is 'Persons with their firms: one row per mail address that any source knows.';
comment on column planwerk.contact.person_id is 'Person, see planwerk.person.';
comment on column planwerk.contact.name is 'Name; the address where no source has one.';
comment on column planwerk.contact.address is 'Mail address in lower case.';
comment on column planwerk.contact.domain is 'What stands behind the @: all people of a firm, also those who are no contacts.';
comment on column planwerk.contact.company is 'Company in Teamwork, else organization of the contact in Missive.';
comment on column planwerk.contact.job_title is 'Job title in Teamwork, else that of the contact in Missive.';
comment on column planwerk.contact.is_internal is 'Belongs to the office.';
comment on column planwerk.contact.known_from is 'What knows the address: contact, mail, teamwork, user (of Missive).';
