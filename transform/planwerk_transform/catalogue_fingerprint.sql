-- One value that changes when any object of ours, or any row of the reference data, does. Objects go
-- by their names, so that a restored backup is known again.
select md5(string_agg(part, e'\n' order by part)) from (
    select format('%s %s.%s %s %s', c.relkind, n.nspname, c.relname, c.relpersistence, case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end) as part
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where (n.nspname = 'planwerk' or n.nspname like 'raw\_%') and c.relkind in ('r', 'v', 'm')
    union all
    select format('%s %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
    from pg_index as i join pg_class as c on c.oid = i.indexrelid join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'planwerk' or n.nspname like 'raw\_%'
    union all
    select format(
        'column %s %s %s %s %s%s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
    )
    from pg_attribute as a join pg_class as c on c.oid = a.attrelid join pg_namespace as n on n.oid = c.relnamespace
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where (n.nspname = 'planwerk' or n.nspname like 'raw\_%') and c.relkind in ('r', 'v', 'm') and a.attnum > 0 and not a.attisdropped
    union all
    select format('trigger %s %s %s', t.tgrelid::regclass, pg_get_triggerdef(t.oid), t.tgenabled)
    from pg_trigger as t join pg_class as c on c.oid = t.tgrelid join pg_namespace as n on n.oid = c.relnamespace
    where (n.nspname = 'planwerk' or n.nspname like 'raw\_%') and not t.tgisinternal
    union all
    select format('function %s %s', pg_get_functiondef(p.oid), p.proacl)
    from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname = 'planwerk' and p.prokind = 'f'
    union all
    select format('comment %s %s %s', d.objoid::regclass, a.attname, d.description)
    from pg_description as d join pg_class as c on c.oid = d.objoid join pg_namespace as n on n.oid = c.relnamespace
    left join pg_attribute as a on a.attrelid = d.objoid and a.attnum = nullif(d.objsubid, 0)
    where d.classoid = 'pg_class'::regclass and (n.nspname = 'planwerk' or n.nspname like 'raw\_%')
    union all
    select format('comment %s %s', d.objoid::regprocedure, d.description)
    from pg_description as d join pg_proc as p on p.oid = d.objoid join pg_namespace as n on n.oid = p.pronamespace
    where d.classoid = 'pg_proc'::regclass and n.nspname = 'planwerk'
    union all
    select format('comment %s %s', n.nspname, d.description)
    from pg_description as d join pg_namespace as n on n.oid = d.objoid
    where d.classoid = 'pg_namespace'::regclass and (n.nspname = 'planwerk' or n.nspname like 'raw\_%')
    union all
    select format('comment %s %s', p.polname, d.description)
    from pg_description as d join pg_policy as p on p.oid = d.objoid
    where d.classoid = 'pg_policy'::regclass and p.polrelid in (select c.oid from pg_class as c where c.relnamespace = 'planwerk'::regnamespace)
    union all
    select format('rights %s %s', n.nspname, array(select x::text from unnest(n.nspacl) as x order by 1))
    from pg_namespace as n where n.nspname = 'planwerk' or n.nspname like 'raw\_%'
    union all
    select format('rights %s %s %s', c.oid::regclass, array(select x::text from unnest(c.relacl) as x order by 1), c.relrowsecurity)
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'planwerk' or n.nspname like 'raw\_%'
    union all
    select format('rights %s.%s %s', a.attrelid::regclass, a.attname, array(select x::text from unnest(a.attacl) as x order by 1))
    from pg_attribute as a join pg_class as c on c.oid = a.attrelid
    where c.relnamespace = 'planwerk'::regnamespace and a.attacl is not null
    union all
    select 'policy ' || p::text from pg_policies as p where p.schemaname = 'planwerk'
    union all
    select 'role ' || r.rolname from pg_roles as r where r.rolname in ('planwerk_reader', 'planwerk_editor', 'planwerk_loader')
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
