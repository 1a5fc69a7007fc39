-- No "set search_path": only so is the function inlined into the query that calls it.
create or replace function planwerk.cost_group_tree(code integer) returns setof planwerk.cost_group
language sql stable parallel safe
as $$
    select g.* from planwerk.cost_group as g where cost_group_tree.code = any(g.path)
$$;
comment on function planwerk.cost_group_tree(integer) is
'A cost group of any level with all that belong to it; none if there is no such group.';
