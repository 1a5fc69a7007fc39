-- Persons by mail address. Every row of a source that has an address is an identity, and a person is
-- what the identities of one address say together; so the order of loading does not matter.

create index if not exists person_identity_address on planwerk.person_identity (address);
create index if not exists person_identity_person on planwerk.person_identity (person_id);
create index if not exists person_domain on planwerk.person (split_part(address, '@', 2));

create or replace view planwerk.source_identity as
select
    'teamwork'::text as source,
    'person'::text as kind,
    p.id::text as source_id,
    planwerk.mail_address(p.email) as address,
    planwerk.person_name(concat_ws(' ', p.first_name, p.last_name)) as name,
    coalesce(p.in_owner_company, c.is_owner, false) as is_internal
from raw_teamwork.people as p
left join raw_teamwork.companies as c on c.id = p.company_id
where planwerk.mail_address(p.email) is not null and p._sdc_deleted_at is null and p.deleted is not true
union all
select
    'missive',
    'user',
    u.id,
    planwerk.mail_address(u.email),
    planwerk.person_name(u.name),
    true
from raw_missive.users as u
where planwerk.mail_address(u.email) is not null and u._sdc_deleted_at is null
union all
select
    'missive',
    'contact',
    c.id,
    a.address,
    coalesce(
        planwerk.person_name(concat_ws(' ', c.first_name, c.middle_name, c.last_name)),
        planwerk.person_name(c.nickname),
        planwerk.person_name(c.file_as)
    ),
    false
from raw_missive.contacts as c
cross join lateral (
    select distinct planwerk.mail_address(i.info ->> 'value') as address
    from jsonb_path_query(c.infos, '$[*] ? (@.kind == "email")') as i (info)
) as a
where a.address is not null and c._sdc_deleted_at is null and c.deleted is not true;
comment on view planwerk.source_identity is 'People with mail addresses as the raw tables have them, but for participants of mails.';
comment on column planwerk.source_identity.source is 'teamwork or missive.';
comment on column planwerk.source_identity.kind is 'person (Teamwork), user or contact.';
comment on column planwerk.source_identity.source_id is 'Id in the source, as text.';
comment on column planwerk.source_identity.address is 'Mail address in lower case.';
comment on column planwerk.source_identity.name is 'Name in the source.';
comment on column planwerk.source_identity.is_internal is 'Whether the account belongs to the office.';

create or replace function planwerk.best_participants(mentions planwerk.person_identity [])
returns setof planwerk.person_identity
language sql stable
set search_path = pg_catalog, pg_temp
as $$
    select distinct on (m.address collate "C")
        'missive', 'address', m.address, m.address, n.name, false, case when n.name is not null then m.seen_at end, 0::bigint
    from unnest(mentions) as m
    -- "offset 0": tidied once, and not for every use
    cross join lateral (select planwerk.person_name(m.name) as name offset 0) as n
    order by m.address collate "C", n.name is null, m.seen_at desc nulls last, n.name collate "C" desc
$$;
comment on function planwerk.best_participants(planwerk.person_identity []) is
'Of every address the name that its newest mail gives it; of two names at one moment, the last by alphabet.';

create or replace function planwerk.mail_participants(only_addresses text [] default null)
returns setof planwerk.person_identity
language plpgsql stable
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_custom_plan
as $$
declare
    mentions planwerk.person_identity [];
begin
    -- Names are tidied by best_participants, once per spelling and not once per mail.
    if only_addresses is null then
        mentions := array(
            select row('missive', 'address', x.address, x.address, x.name, false, max(x.delivered_at), 0)::planwerk.person_identity
            from (
                select p.address collate "C" as address, p.name collate "C" as name, m.delivered_at
                from raw_missive.messages as m
                cross join lateral planwerk.participants(
                    m.from_field, m.to_fields, m.cc_fields, m.bcc_fields, m.reply_to_fields
                ) as p
            ) as x
            group by x.address, x.name
        );
    else
        mentions := array(
            select row('missive', 'address', x.address, x.address, x.name, false, max(x.delivered_at), 0)::planwerk.person_identity
            from (
                select p.address collate "C" as address, p.name collate "C" as name, m.delivered_at
                from unnest(only_addresses) as a (address)
                join raw_missive.messages as m
                    on planwerk.participant_addresses(
                        m.from_field, m.to_fields, m.cc_fields, m.bcc_fields, m.reply_to_fields
                    ) @> array[a.address]
                cross join lateral planwerk.participants(
                    m.from_field, m.to_fields, m.cc_fields, m.bcc_fields, m.reply_to_fields
                ) as p
                where p.address = a.address
            ) as x
            group by x.address, x.name
        );
    end if;
    return query select * from planwerk.best_participants(mentions);
end
$$;
comment on function planwerk.mail_participants(text []) is
'Identities of the participants of all mails, or of those with the given addresses.';

create or replace function planwerk.refresh_persons(of_addresses text [])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_custom_plan
as $$
begin
    -- Joins with unnest, here and below: "= any" would go through the array for every row.
    update planwerk.person as p
    set name = said.name, is_internal = said.is_internal
    from (
        select
            i.address,
            (
                array_agg(i.name order by array_position(array['person', 'user', 'contact', 'address'], i.kind), i.source_id)
                filter (where i.name is not null)
            )[1] as name,
            bool_or(i.is_internal)
            or split_part(i.address, '@', 2) in (select d.domain from planwerk.internal_domain as d) as is_internal
        from (select distinct a.address from unnest(of_addresses) as a (address)) as a
        join planwerk.person_identity as i on i.address = a.address
        group by i.address
    ) as said
    where p.address = said.address and (p.name, p.is_internal) is distinct from (said.name, said.is_internal);

    delete from planwerk.person as p
    using unnest(of_addresses) as a (address)
    where p.address = a.address and not exists (select from planwerk.person_identity as i where i.address = p.address);
end
$$;
comment on function planwerk.refresh_persons(text []) is
'Makes the persons with the given addresses what their identities say; one without any goes.';

create or replace function planwerk.put_identities(wanted planwerk.person_identity [], also_of text [] default '{}')
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_custom_plan
as $$
declare
    changed text [];
begin
    changed := array(
        select w.address
        from unnest(wanted) as w
        left join planwerk.person_identity as i
            on i.source = w.source and i.kind = w.kind and i.source_id = w.source_id and i.address = w.address
        where i.person_id is null or (i.name, i.is_internal) is distinct from (w.name, w.is_internal)
    );

    insert into planwerk.person (address)
    select distinct c.address from unnest(changed) as c (address)
    where not exists (select from planwerk.person as p where p.address = c.address)
    on conflict (address) do nothing;

    insert into planwerk.person_identity as i (source, kind, source_id, address, name, is_internal, seen_at, person_id)
    select w.source, w.kind, w.source_id, w.address, w.name, w.is_internal, w.seen_at, p.id
    from unnest(wanted) as w
    join planwerk.person as p on p.address = w.address
    on conflict (source, kind, source_id, address) do update
    set name = excluded.name, is_internal = excluded.is_internal, seen_at = excluded.seen_at, person_id = excluded.person_id
    where i is distinct from excluded;

    perform planwerk.refresh_persons(changed || also_of);
end
$$;
comment on function planwerk.put_identities(planwerk.person_identity [], text []) is
'Writes identities, and has the persons follow, those of further addresses too.';

create or replace function planwerk.refresh_people(of_kind text default null, only_ids text [] default null)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_custom_plan
as $$
declare
    wanted planwerk.person_identity [];
    gone text [];
begin
    -- the one lock of all derived tables: two could be taken in either order
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));

    wanted := array(
        select row(s.source, s.kind, s.source_id, s.address, s.name, s.is_internal, null, 0)::planwerk.person_identity
        from planwerk.source_identity as s
        where (of_kind is null or s.kind = of_kind)
            and (only_ids is null or s.source_id in (select o.id from unnest(only_ids) as o (id)))
    );
    if of_kind is null or of_kind = 'address' then
        wanted := wanted || array(select p::planwerk.person_identity from planwerk.mail_participants(only_ids) as p);
    end if;

    with dropped as (
        delete from planwerk.person_identity as i
        where (of_kind is null or i.kind = of_kind)
            and (only_ids is null or i.source_id in (select o.id from unnest(only_ids) as o (id)))
            -- "not in" and no join: however few rows it was planned for, it is never quadratic
            and (i.source, i.kind, i.source_id, i.address) not in (
                select w.source, w.kind, w.source_id, w.address from unnest(wanted) as w
            )
        returning i.address
    )
    select array(select dropped.address from dropped) into gone;

    if of_kind is null then
        gone := array(select p.address from planwerk.person as p);
    end if;
    perform planwerk.put_identities(wanted, gone);
end
$$;
comment on function planwerk.refresh_people(text, text []) is
'Makes planwerk.person_identity and planwerk.person equal to the raw tables: all, or of one kind, or of some ids (of the kind address: addresses).';
