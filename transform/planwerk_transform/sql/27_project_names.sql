-- What the projects are called, in the forms that labels are compared with. They change with the
-- projects only, so they are kept in a table; labels that may mean a project keep theirs likewise.

create or replace function planwerk.project_key(name text) returns text
language sql immutable parallel safe strict
as $$
    select regexp_replace(planwerk.fold(name), '\s*/\s*', '/', 'g')
$$;
comment on function planwerk.project_key(text) is
'The form under which whole names of projects are equal: folded, no space around a slash.';

create or replace function planwerk.without_signs(folded text) returns text
language sql immutable parallel safe strict
as $$
    select regexp_replace(folded, '^[^[:alnum:]]+|[^[:alnum:]]+$', '', 'g')
$$;
comment on function planwerk.without_signs(text) is
'A folded name without signs and emoji at its ends.';

create or replace function planwerk.leading_number(folded text) returns text
language sql immutable parallel safe strict
as $$
    select translate((regexp_match(
        folded,
        '^[^[:alnum:]]*('
        -- three digits at least
        || '(?=[a-z]{0,4}[-._–]?(?:[0-9][-./_–]?){3})'
        || '(?:[a-z]{1,4}[-._–]?)?[0-9]+(?:[-./_–][0-9]+)*(?:[-./_–]?[a-z])?'
        || ')(?![-./_–]?[0-9]|[[:alpha:]])'
        -- not how much of something there is
        || '(?!\s?(?:€|eur|euro|%|mm|cm|km|m|qm|m2|m3|cbm|lfm|kg(?![\s.]*[0-9])|kw|kwh|kva|stk|stueck|personen)(?![[:alnum:]]))'
    ))[1], '–', '-')
$$;
comment on function planwerk.leading_number(text) is
'The number that a folded name begins with: 2417, 24-017, p2417, 2417-2a.';

create or replace function planwerk.is_weak_number(number text) returns boolean
language sql immutable parallel safe strict
as $$
    select number ~ (
        '^(?:[0-9]{3}'
        || '|(?:19|20)[0-9]{2}(?:[-./_][0-9]{1,2}){0,2}'
        || '|[0-9]{1,2}\.[0-9]{1,2}(?:\.[0-9]{2}|\.[0-9]{4})?)$'
    )
$$;
comment on function planwerk.is_weak_number(text) is
'Whether a number may as well be a year, a date, a room or a cost group, so that words have to bear it out.';

create or replace view planwerk.source_project_name as
select
    p.id as project_id,
    form.likeness::smallint as likeness,
    form.key,
    p.name
from raw_teamwork.projects as p
cross join lateral (select planwerk.project_key(p.name) as whole) as named
cross join lateral (select planwerk.without_signs(named.whole) as plain) as signless
cross join lateral (select planwerk.leading_number(signless.plain) as number) as numbered
cross join lateral (
    values
    (0, '#' || p.id),
    (1, named.whole),
    (2, signless.plain),
    (3, planwerk.without_signs(substr(signless.plain, coalesce(length(numbered.number), 0) + 1))),
    (4, coalesce(numbered.number, planwerk.leading_number(planwerk.fold(p.project_number))))
) as form (likeness, key)
where named.whole <> '' and form.key <> ''
    and p._sdc_deleted_at is null and p.deleted_at is null and p.status is distinct from 'deleted'
    and coalesce(p.type, '') not like '%template';
comment on view planwerk.source_project_name is 'Names of the living projects in the forms that labels are compared with; archived projects live, templates do not.';
comment on column planwerk.source_project_name.project_id is 'Project in Teamwork.';
comment on column planwerk.source_project_name.likeness is 'As in planwerk.project_name.';
comment on column planwerk.source_project_name.key is 'As in planwerk.project_name.';
comment on column planwerk.source_project_name.name is 'Name of the project.';

create or replace function planwerk.refresh_project_names(only_ids bigint [] default null)
returns text []
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    gone text [];
    come text [];
begin
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));

    with deleted as (
        delete from planwerk.project_name as n
        where (only_ids is null or n.project_id = any(only_ids))
            and not exists (
                select from planwerk.source_project_name as s
                where s.project_id = n.project_id and s.likeness = n.likeness and s.key = n.key and s.name = n.name
            )
        returning n.key
    )
    select coalesce(array_agg(deleted.key), '{}') into gone from deleted;

    with inserted as (
        insert into planwerk.project_name as n (project_id, likeness, key, name)
        select s.project_id, s.likeness, s.key, s.name
        from planwerk.source_project_name as s
        where only_ids is null or s.project_id = any(only_ids)
        order by s.project_id, s.likeness
        on conflict do nothing
        returning n.key
    )
    select coalesce(array_agg(inserted.key), '{}') into come from inserted;
    return gone || come;
end
$$;
comment on function planwerk.refresh_project_names(bigint []) is
'Makes planwerk.project_name equal to the projects, all or those with the given ids; returns the keys that went or came.';
