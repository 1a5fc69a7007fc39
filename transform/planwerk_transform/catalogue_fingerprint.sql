-- One value that changes when any object of ours, or any row of the reference data, does.
select md5(string_agg(part, e'\n' order by part)) from (
    select format('%s %s.%s %s', c.relkind, n.nspname, c.relname, case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end) as part
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where (n.nspname = 'planwerk' or n.nspname like 'raw\_%') and c.relkind in ('r', 'v', 'm', 'i')
    union all
    select format('column %s %s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull)
    from pg_attribute as a join pg_class as c on c.oid = a.attrelid join pg_namespace as n on n.oid = c.relnamespace
    where (n.nspname = 'planwerk' or n.nspname like 'raw\_%') and c.relkind in ('r', 'v', 'm') and a.attnum > 0 and not a.attisdropped
    union all
    select format('trigger %s %s %s', t.tgrelid::regclass, pg_get_triggerdef(t.oid), t.tgenabled)
    from pg_trigger as t join pg_class as c on c.oid = t.tgrelid join pg_namespace as n on n.oid = c.relnamespace
    where (n.nspname = 'planwerk' or n.nspname like 'raw\_%') and not t.tgisinternal
    union all
    select 'function ' || pg_get_functiondef(p.oid)
    from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname = 'planwerk' and p.prokind = 'f'
    union all
    select format('comment %s %s %s %s', d.classoid, d.objoid, d.objsubid, d.description)
    from pg_description as d
    where
        d.objoid in (
            select c.oid from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
            where n.nspname = 'planwerk' or n.nspname like 'raw\_%'
        )
        or d.objoid in (
            select p.oid from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace where n.nspname = 'planwerk'
        )
    union all
    select format('rights %s %s %s', c.oid::regclass, c.relacl, c.relrowsecurity)
    from pg_class as c where c.relnamespace = 'planwerk'::regnamespace
    union all
    select format('rights %s.%s %s', a.attrelid::regclass, a.attname, a.attacl)
    from pg_attribute as a join pg_class as c on c.oid = a.attrelid
    where c.relnamespace = 'planwerk'::regnamespace and a.attacl is not null
    union all
    select 'policy ' || p::text from pg_policies as p where p.schemaname = 'planwerk'
    union all
    select 'role ' || r.rolname from pg_roles as r where r.rolname in ('planwerk_reader', 'planwerk_editor')
    union all
    select 'cost_group ' || g::text from planwerk.cost_group as g
    union all
    select 'cost_group_2008 ' || g::text from planwerk.cost_group_2008 as g
    union all
    select 'task_type ' || t.name from planwerk.task_type as t
    union all
    select 'constraint ' || c.conrelid::regclass || c.conname || pg_get_constraintdef(c.oid)
    from pg_constraint as c join pg_namespace as n on n.oid = c.connamespace
    where n.nspname = 'planwerk' or n.nspname like 'raw\_%'
) as parts
