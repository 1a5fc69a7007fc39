-- What a person says about an item. The value is kept as people write it; what it stands for is kept by
-- its id, so that the word stays true when a location, a type or a project gets another name.

create unique index if not exists assignment_word on planwerk.assignment (
    item_kind, item_id, category, (coalesce(cost_group_code, location_id, task_type_id, project_id))
);
create unique index if not exists assignment_task_type on planwerk.assignment (item_kind, item_id)
where category = 'task_type' and verdict = 'include';
create index if not exists assignment_cost_group on planwerk.assignment (cost_group_code);
create index if not exists assignment_location on planwerk.assignment (location_id);
create index if not exists assignment_project on planwerk.assignment (project_id);

create or replace function planwerk.find_locations(spelled text) returns bigint []
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
    names text [] := regexp_split_to_array(spelled, '\s*/\s*');
    spelling text;
    found bigint [];
begin
    found := array(select l.id from planwerk.location as l where l.id::text = spelled);
    if cardinality(found) = 0 then
        found := array(select l.id from planwerk.location as l where l.path = names order by l.id);
    end if;
    if cardinality(found) = 0 then
        spelling := (select string_agg(planwerk.fold(planwerk.floor_name(n.name)), ' / ' order by n.n) from unnest(names) with ordinality as n (name, n));
        found := array(
            select l.id from planwerk.location as l
            where cardinality(l.path) = cardinality(names) and spelling = (
                select string_agg(planwerk.fold(planwerk.floor_name(p.name)), ' / ' order by p.n)
                from unnest(l.path) with ordinality as p (name, n)
            )
            order by l.id
        );
    end if;
    return found;
end
$$;
comment on function planwerk.find_locations(text) is
'Ids of the locations that a person may mean by an id or by a path such as Haus A / EG, in any spelling of case, umlauts and floors.';

create or replace function planwerk.check_assignment() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    found bigint [];
begin
    if new.item_kind is null or new.item_kind not in ('task', 'conversation', 'document') then
        raise exception 'There is no kind of item “%”; use task, conversation or document.', new.item_kind
            using errcode = 'check_violation';
    end if;
    if new.item_kind = 'task' and new.item_id !~ '^[1-9][0-9]{0,17}$' or btrim(new.item_id) = '' then
        raise exception '“%” is no id of a %; see planwerk.item.', new.item_id, new.item_kind using errcode = 'check_violation';
    end if;
    if new.verdict is null or new.verdict not in ('include', 'exclude') then
        raise exception 'There is no verdict “%”; use include or exclude.', new.verdict using errcode = 'check_violation';
    end if;
    new.value := planwerk.tidy(new.value);

    if tg_op = 'UPDATE' then
        if (new.item_kind, new.item_id, new.category, new.value, new.verdict, new.note)
            is distinct from (old.item_kind, old.item_id, old.category, old.value, old.verdict, old.note)
            and new.created_by = old.created_by then
            new.created_by := session_user;
            new.created_at := now();
        end if;
        if (new.category, new.value) is not distinct from (old.category, old.value) then
            -- Known already, and what is written may be an old name.
            return new;
        end if;
    end if;

    new.cost_group_code := null;
    new.location_id := null;
    new.task_type_id := null;
    new.project_id := null;
    case new.category
        when 'cost_group' then
            new.cost_group_code := (select g.code from planwerk.cost_group as g where g.code::text = new.value);
            if new.cost_group_code is null then
                raise exception 'There is no cost group %; see planwerk.cost_group.', new.value using errcode = 'check_violation';
            end if;
        when 'location' then
            found := array(
                select distinct coalesce(m.survivor_id, f.id)
                from unnest(planwerk.find_locations(new.value)) as f (id)
                left join planwerk.merged_location as m on m.id = f.id
            );
            if cardinality(found) <> 1 then
                raise exception '%', case cardinality(found)
                    when 0 then format('There is no location “%s”; see planwerk.location, and write its id or its path, such as Haus A / EG.', new.value)
                    else format('“%s” may be one of the locations %s; write the id of the one you mean.', new.value, array_to_string(found, ', '))
                end using errcode = 'check_violation';
            end if;
            new.location_id := found[1];
        when 'task_type' then
            new.task_type_id := (
                select t.id from planwerk.task_type as t where planwerk.fold(t.name) = planwerk.fold(new.value)
                order by t.name <> new.value, t.id
                limit 1
            );
            if new.task_type_id is null then
                raise exception 'There is no task type “%”; see planwerk.task_type.', new.value using errcode = 'check_violation';
            end if;
        when 'project' then
            found := array(
                select p.project_id
                from (
                    select n.project_id, rank() over (order by n.likeness) as place
                    from planwerk.project_name as n
                    where n.likeness = 0 and n.key = '#' || new.value
                        or n.likeness in (1, 2) and n.key = planwerk.project_key(new.value)
                ) as p
                where p.place = 1
                order by p.project_id
            );
            if cardinality(found) <> 1 then
                raise exception '%', case cardinality(found)
                    when 0 then format('There is no project “%s”; write its id or its whole name, as in planwerk.item_project.', new.value)
                    else format('“%s” may be one of the projects %s; write the id of the one you mean.', new.value, array_to_string(found, ', '))
                end using errcode = 'check_violation';
            end if;
            new.project_id := found[1];
        else
            raise exception 'There is no category “%”; use cost_group, location, task_type or project.', new.category
                using errcode = 'check_violation';
    end case;
    return new;
end
$$;
comment on function planwerk.check_assignment() is
'Trigger of planwerk.assignment: finds what the value stands for, and refuses what cannot be, with the reason.';

create or replace trigger check_assignment before insert or update on planwerk.assignment
for each row execute function planwerk.check_assignment();
