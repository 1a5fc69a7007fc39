-- Indexes of the core tables; here and not in a migration, so that an apply restores a lost one.

-- coalesce instead of "nulls not distinct", which PostgreSQL 14 does not know
create unique index if not exists location_spelling
on planwerk.location (coalesce(parent_id, 0), kind, spelling_key);
create unique index if not exists task_type_default on planwerk.task_type (is_default) where is_default;
create index if not exists rule_order on planwerk.rule (category, position, id);
create index if not exists label_cost_group_code on planwerk.label_cost_group (code);
create index if not exists label_location_location on planwerk.label_location (location_id);
create index if not exists label_task_type_type on planwerk.label_task_type (task_type_id);
create index if not exists moved_entry_conversation on planwerk.moved_entry (conversation_id);
create index if not exists label_project_project on planwerk.label_project (project_id);
-- hash: names may be longer than a B-tree can hold
create index if not exists project_name_key on planwerk.project_name using hash (key);
create index if not exists location_merged_into on planwerk.location (merged_into_id) where merged_into_id is not null;
