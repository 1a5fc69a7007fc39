-- What the tables looked like after the last apply: tells what was changed by hand since.

alter table planwerk.applied add column structure jsonb not null default '{}';
comment on column planwerk.applied.structure is 'Columns and constraints of our tables as the last apply left them.';
