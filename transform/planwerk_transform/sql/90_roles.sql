-- Who may read and write what. An apply grants what is missing, new views included, and takes nothing away.
-- Roles are of the whole server, so they may be there already, or somebody else may have to create them.

do $$
declare
    role text;
    relation record;
begin
    foreach role in array array['planwerk_reader', 'planwerk_editor', 'planwerk_loader'] loop
        if to_regrole(role) is null then
            begin
                execute format('create role %I nologin', role);
            exception when insufficient_privilege or duplicate_object or unique_violation then
                null;
            end;
        end if;
        continue when to_regrole(role) is null or role = 'planwerk_loader';

        execute format('grant usage on schema planwerk to %I', role);
        for relation in
            select c.oid::regclass as name
            from pg_class as c
            where c.relnamespace = 'planwerk'::regnamespace and c.relkind in ('r', 'v', 'm')
                and c.oid <> 'planwerk.email'::regclass
        loop
            execute format('grant select on %s to %I', relation.name, role);
        end loop;
        -- all of a mail but what it says
        execute (
            select format('grant select (%s) on planwerk.email to %I', string_agg(quote_ident(a.attname), ', '), role)
            from pg_attribute as a
            where a.attrelid = 'planwerk.email'::regclass and a.attnum > 0 and not a.attisdropped
                and a.attname not in ('body_text', 'body_html')
        );
    end loop;

    if to_regrole('planwerk_editor') is not null then
        grant insert, update, delete on planwerk.rule, planwerk.internal_domain to planwerk_editor;
        grant delete on planwerk.rejected_row to planwerk_editor;
        grant
            insert (item_kind, item_id, category, value, verdict, note),
            update (item_kind, item_id, category, value, verdict, note),
            delete
            on planwerk.assignment to planwerk_editor;
        grant insert, update on planwerk.task_type to planwerk_editor;
        grant update (name, merged_into_id) on planwerk.location to planwerk_editor;
    end if;

    -- What triggers do with its rows, they do as the owner of the tables.
    if to_regrole('planwerk_loader') is not null then
        grant usage on schema planwerk to planwerk_loader;  -- for the functions of indexes; no table of it
        for relation in
            select n.nspname as schema, c.oid::regclass as name
            from pg_class as c
            join pg_namespace as n on n.oid = c.relnamespace
            where n.nspname in ('raw_teamwork', 'raw_missive', 'raw_craft') and c.relkind = 'r'
        loop
            execute format('grant usage on schema %I to planwerk_loader', relation.schema);
            execute format('grant select, insert, update on %s to planwerk_loader', relation.name);
        end loop;
    end if;

    -- Or others could hang them on tables of their own and have them write as the owner.
    for relation in
        select p.oid::regprocedure as name
        from pg_proc as p
        where p.pronamespace = 'planwerk'::regnamespace and p.prosecdef and p.prorettype = 'trigger'::regtype
    loop
        execute format('revoke execute on function %s from public', relation.name);
    end loop;
end
$$;

alter table planwerk.assignment enable row level security;
drop policy if exists own_words on planwerk.assignment;
create policy own_words on planwerk.assignment using (true) with check (created_by = session_user);
comment on policy own_words on planwerk.assignment is 'All are read; nobody but the owner of the table speaks in the name of another.';
