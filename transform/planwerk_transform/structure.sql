-- Columns and constraints of the tables, as jsonb: {"schema.table": {"column x": "bigint not null"}}.
select coalesce(jsonb_object_agg(t.name, t.parts), '{}')
from (
    select p.name, jsonb_object_agg(p.part, p.definition) as parts
    from (
        select
            n.nspname || '.' || c.relname as name,
            'column ' || quote_ident(a.attname) as part,
            format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end as definition
        from pg_attribute as a join pg_class as c on c.oid = a.attrelid join pg_namespace as n on n.oid = c.relnamespace
        where (n.nspname = 'planwerk' or n.nspname like 'raw\_%') and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
        union all
        select n.nspname || '.' || c.relname, 'constraint ' || quote_ident(k.conname), pg_get_constraintdef(k.oid)
        from pg_constraint as k join pg_class as c on c.oid = k.conrelid join pg_namespace as n on n.oid = c.relnamespace
        where (n.nspname = 'planwerk' or n.nspname like 'raw\_%') and c.relkind = 'r' and k.contype in ('p', 'u', 'f', 'c')
    ) as p
    group by p.name
) as t
