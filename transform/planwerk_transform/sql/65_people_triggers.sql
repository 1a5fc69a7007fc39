-- The triggers that keep planwerk.person current. An account or contact is read again as a whole. Of a
-- mail only its participants are: a newer name replaces the stored one; an address is looked for in
-- the other mails only if what is stored came from the mail that changed.

create or replace function planwerk.people_of_rows() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    changed text [];
    version constant text [] := '{_sdc_table_version,_sdc_extracted_at,_sdc_received_at,_sdc_batched_at,_sdc_sequence,_sdc_sync_started_at}';
begin
    if tg_op = 'INSERT' then
        changed := array(select n.id::text from new_rows as n);
    elsif tg_op = 'DELETE' then
        changed := array(select o.id::text from old_rows as o);
    elsif tg_op = 'UPDATE' then
        changed := array(
            select coalesce(n.id, o.id)::text
            from new_rows as n
            full join old_rows as o on o.id = n.id
            where to_jsonb(n) - version is distinct from to_jsonb(o) - version
        );
    end if;
    -- TRUNCATE has no rows to show: null stands for all of the kind.
    if changed is null or cardinality(changed) > 0 then
        perform planwerk.refresh_people(tg_argv[0], changed);
    end if;
    return null;
exception when others then
    perform planwerk.record_trigger_error(replace(tg_table_schema, 'raw_', ''), tg_table_name, null, sqlerrm);
    return null;
end
$$;
comment on function planwerk.people_of_rows() is
'Trigger of raw_teamwork.people, raw_missive.users and contacts: keeps the persons of the changed rows current.';

create or replace function planwerk.people_of_companies() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    concerned boolean := true;
begin
    if tg_op = 'INSERT' then
        concerned := exists (select from new_rows as n where n.is_owner);
    elsif tg_op = 'UPDATE' then
        concerned := exists (
            select from new_rows as n full join old_rows as o on o.id = n.id where o.is_owner is distinct from n.is_owner
        );
    end if;
    if concerned then
        perform planwerk.refresh_people('person');
    end if;
    return null;
exception when others then
    perform planwerk.record_trigger_error('teamwork', tg_table_name, null, sqlerrm);
    return null;
end
$$;
comment on function planwerk.people_of_companies() is
'Trigger of raw_teamwork.companies: the people of the company that owns the site are internal.';

create or replace function planwerk.people_of_messages() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_custom_plan
as $$
declare
    gained planwerk.person_identity [];
    lost planwerk.person_identity [];
    unsure text [];
begin
    if tg_op = 'TRUNCATE' then
        perform planwerk.refresh_people('address');
        return null;
    elsif tg_op = 'INSERT' then
        gained := array(
            select row('missive', 'address', x.address, x.address, x.name, false, max(x.delivered_at), 0)::planwerk.person_identity
            from (
                select p.address collate "C" as address, p.name collate "C" as name, n.delivered_at
                from new_rows as n
                cross join lateral planwerk.participants(
                    n.from_field, n.to_fields, n.cc_fields, n.bcc_fields, n.reply_to_fields
                ) as p
            ) as x
            group by x.address, x.name
        );
    elsif tg_op = 'DELETE' then
        lost := array(
            select row('missive', 'address', x.address, x.address, x.name, false, max(x.delivered_at), 0)::planwerk.person_identity
            from (
                select p.address collate "C" as address, p.name collate "C" as name, o.delivered_at
                from old_rows as o
                cross join lateral planwerk.participants(
                    o.from_field, o.to_fields, o.cc_fields, o.bcc_fields, o.reply_to_fields
                ) as p
            ) as x
            group by x.address, x.name
        );
    else
        with changed as materialized (
            select
                o.from_field, o.to_fields, o.cc_fields, o.bcc_fields, o.reply_to_fields, o.delivered_at,
                n.from_field as new_from_field, n.to_fields as new_to_fields, n.cc_fields as new_cc_fields,
                n.bcc_fields as new_bcc_fields, n.reply_to_fields as new_reply_to_fields, n.delivered_at as new_delivered_at
            from new_rows as n
            full join old_rows as o on o.id = n.id
            where (o.from_field, o.to_fields, o.cc_fields, o.bcc_fields, o.reply_to_fields, o.delivered_at)
                is distinct from (n.from_field, n.to_fields, n.cc_fields, n.bcc_fields, n.reply_to_fields, n.delivered_at)
        ),
        before as materialized (
            select distinct p.address, p.name, c.delivered_at
            from changed as c
            cross join lateral planwerk.participants(
                c.from_field, c.to_fields, c.cc_fields, c.bcc_fields, c.reply_to_fields
            ) as p
        ),
        after as materialized (
            select distinct p.address, p.name, c.new_delivered_at as delivered_at
            from changed as c
            cross join lateral planwerk.participants(
                c.new_from_field, c.new_to_fields, c.new_cc_fields, c.new_bcc_fields, c.new_reply_to_fields
            ) as p
        )
        select
            array(
                select row('missive', 'address', x.address, x.address, x.name, false, x.delivered_at, 0)::planwerk.person_identity
                from after as x
            ),
            array(
                select row('missive', 'address', x.address, x.address, x.name, false, x.delivered_at, 0)::planwerk.person_identity
                from (select * from before except select * from after) as x
            )
        into gained, lost;
    end if;
    if coalesce(cardinality(gained), 0) + coalesce(cardinality(lost), 0) = 0 then
        return null;
    end if;

    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));
    if cardinality(gained) > 0 then
        gained := array(select b::planwerk.person_identity from planwerk.best_participants(gained) as b);
        perform planwerk.put_identities(
            array(
                select g::planwerk.person_identity
                from unnest(gained) as g
                left join planwerk.person_identity as i
                    on i.source = 'missive' and i.kind = 'address' and i.source_id = g.address and i.address = g.address
                where i.person_id is null
                    or g.name is not null and (
                        i.name is null
                        or (coalesce(g.seen_at, '-infinity'), g.name collate "C") > (coalesce(i.seen_at, '-infinity'), i.name)
                    )
            )
        );
    end if;
    if cardinality(lost) > 0 then
        unsure := array(
            select distinct i.source_id
            from unnest(lost) as l
            join planwerk.person_identity as i on i.source = 'missive' and i.kind = 'address' and i.source_id = l.address
            where case
                when i.name is null then not exists (select from unnest(gained) as g where g.address = l.address)
                else i.name = planwerk.person_name(l.name) and i.seen_at is not distinct from l.seen_at
            end
        );
        if cardinality(unsure) > 0 then
            perform planwerk.refresh_people('address', unsure);
        end if;
    end if;
    return null;
exception when others then
    perform planwerk.record_trigger_error('missive', tg_table_name, null, sqlerrm);
    return null;
end
$$;
comment on function planwerk.people_of_messages() is
'Trigger of raw_missive.messages: keeps the persons among their participants current.';

create or replace function planwerk.check_internal_domain() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    new.domain := lower(btrim(new.domain, ' @'));
    if planwerk.mail_address('x@' || new.domain) is null then
        raise exception '“%” is no mail domain; write what stands behind the @, such as example.de.', new.domain
            using errcode = 'check_violation';
    end if;
    return new;
end
$$;
comment on function planwerk.check_internal_domain() is
'Trigger of planwerk.internal_domain: refuses what is no domain.';

create or replace function planwerk.follow_internal_domains() returns trigger
language plpgsql
-- who may write domains need not be allowed to write persons
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));
    perform planwerk.refresh_persons(array(select p.address from planwerk.person as p));
    return null;
end
$$;
comment on function planwerk.follow_internal_domains() is
'Trigger of planwerk.internal_domain: tells anew who is internal.';

create or replace trigger check_domain before insert or update on planwerk.internal_domain
for each row execute function planwerk.check_internal_domain();
create or replace trigger follow_domains after insert or update or delete or truncate on planwerk.internal_domain
for each statement execute function planwerk.follow_internal_domains();

create or replace trigger people_of_inserted after insert on raw_teamwork.people
referencing new table as new_rows
for each statement execute function planwerk.people_of_rows('person');
create or replace trigger people_of_updated after update on raw_teamwork.people
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.people_of_rows('person');
create or replace trigger people_of_deleted after delete on raw_teamwork.people
referencing old table as old_rows
for each statement execute function planwerk.people_of_rows('person');
create or replace trigger people_of_truncated after truncate on raw_teamwork.people
for each statement execute function planwerk.people_of_rows('person');

create or replace trigger people_of_inserted after insert on raw_teamwork.companies
referencing new table as new_rows
for each statement execute function planwerk.people_of_companies();
create or replace trigger people_of_updated after update on raw_teamwork.companies
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.people_of_companies();
create or replace trigger people_of_deleted after delete or truncate on raw_teamwork.companies
for each statement execute function planwerk.people_of_companies();

create or replace trigger people_of_inserted after insert on raw_missive.users
referencing new table as new_rows
for each statement execute function planwerk.people_of_rows('user');
create or replace trigger people_of_updated after update on raw_missive.users
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.people_of_rows('user');
create or replace trigger people_of_deleted after delete on raw_missive.users
referencing old table as old_rows
for each statement execute function planwerk.people_of_rows('user');
create or replace trigger people_of_truncated after truncate on raw_missive.users
for each statement execute function planwerk.people_of_rows('user');

create or replace trigger people_of_inserted after insert on raw_missive.contacts
referencing new table as new_rows
for each statement execute function planwerk.people_of_rows('contact');
create or replace trigger people_of_updated after update on raw_missive.contacts
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.people_of_rows('contact');
create or replace trigger people_of_deleted after delete on raw_missive.contacts
referencing old table as old_rows
for each statement execute function planwerk.people_of_rows('contact');
create or replace trigger people_of_truncated after truncate on raw_missive.contacts
for each statement execute function planwerk.people_of_rows('contact');

create or replace trigger people_of_inserted after insert on raw_missive.messages
referencing new table as new_rows
for each statement execute function planwerk.people_of_messages();
create or replace trigger people_of_updated after update on raw_missive.messages
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.people_of_messages();
create or replace trigger people_of_deleted after delete on raw_missive.messages
referencing old table as old_rows
for each statement execute function planwerk.people_of_messages();
create or replace trigger people_of_truncated after truncate on raw_missive.messages
for each statement execute function planwerk.people_of_messages();
