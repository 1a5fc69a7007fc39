-- People may say that two locations are one: update planwerk.location set merged_into_id = ... What is
-- below the one is merged likewise, with what is spelled like it below the other. Labels, and what
-- people said of items, follow. Nothing is deleted, so clearing the column parts them again.

create or replace function planwerk.check_location() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    this_location text := format('Location %s (%s)', new.id, array_to_string(old.path, ' / '));
    target planwerk.location;
begin
    if new.parent_id is distinct from old.parent_id then
        raise exception '% cannot be moved, for labels find it by its place: set merged_into_id to the location that it is.', this_location
            using errcode = 'check_violation';
    end if;
    if new.merged_into_id is null or new.merged_into_id is not distinct from old.merged_into_id then
        return new;
    end if;
    select * into target from planwerk.location as l where l.id = new.merged_into_id;
    if target.id is null then
        raise exception '%: there is no location % to merge it into; see planwerk.location.', this_location, new.merged_into_id
            using errcode = 'check_violation';
    elsif target.kind <> old.kind then
        raise exception '%: a % cannot be merged into location % (%), which is a %.',
            this_location, old.kind, target.id, array_to_string(target.path, ' / '), target.kind using errcode = 'check_violation';
    elsif target.id = old.id or exists (
        with recursive step as (
            select target.merged_into_id as id
            union
            select l.merged_into_id from step join planwerk.location as l on l.id = step.id
        )
        select from step where step.id = old.id
    ) then
        raise exception '%: location % (%) is itself merged into this one, or is this one; clear its merged_into_id first.',
            this_location, target.id, array_to_string(target.path, ' / ') using errcode = 'check_violation';
    end if;
    return new;
end
$$;
comment on function planwerk.check_location() is 'Trigger of planwerk.location: refuses a merge that cannot be, with the reason.';

create or replace function planwerk.merge_locations_below(merged bigint [])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    further bigint [];
begin
    insert into planwerk.location (parent_id, kind, name, spelling_key, path)
    select t.id, c.kind, c.name, c.spelling_key, t.path || c.name
    from planwerk.location as p
    join planwerk.location as t on t.id = p.merged_into_id
    join planwerk.location as c on c.parent_id = p.id
    where p.id = any(merged) and c.merged_into_id is null
    order by t.id, c.kind, c.spelling_key
    on conflict (coalesce(parent_id, 0), kind, spelling_key) do nothing;

    -- goes on below these by the trigger
    update planwerk.location as c
    set merged_into_id = twin.id
    from planwerk.location as p, planwerk.location as twin
    where p.id = any(merged) and c.parent_id = p.id and c.merged_into_id is null
        and twin.parent_id = p.merged_into_id and twin.kind = c.kind and twin.spelling_key = c.spelling_key;

    further := array(
        select distinct t.id
        from planwerk.location as p
        join planwerk.location as t on t.id = p.merged_into_id
        where p.id = any(merged) and t.merged_into_id is not null
    );
    if cardinality(further) > 0 then
        perform planwerk.merge_locations_below(further);
    end if;
end
$$;
comment on function planwerk.merge_locations_below(bigint []) is
'Merges what is below merged locations with what is spelled like it below the others, which is created where it is missing.';

create or replace function planwerk.follow_merged_locations() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    changed bigint [] := array(
        select n.id from new_rows as n join old_rows as o on o.id = n.id
        where o.merged_into_id is distinct from n.merged_into_id
    );
    contradicted record;
begin
    if cardinality(changed) = 0 then
        return null;
    end if;

    -- What is below was merged with what is below the former place.
    update planwerk.location as c
    set merged_into_id = null
    from planwerk.location as p, planwerk.location as twin
    where p.id = any(changed) and c.parent_id = p.id and twin.id = c.merged_into_id
        and twin.parent_id <> p.id and twin.parent_id is distinct from p.merged_into_id;
    perform planwerk.merge_locations_below(changed);

    -- Words about what was parted, known by how they were written.
    update planwerk.assignment as a
    set location_id = n.id
    from new_rows as n
    join old_rows as o on o.id = n.id
    left join planwerk.merged_location as m on m.id = o.merged_into_id
    where o.merged_into_id is not null and n.merged_into_id is null
        and a.location_id = coalesce(m.survivor_id, o.merged_into_id) and planwerk.find_locations(a.value) = array[n.id];

    if pg_trigger_depth() > 1 then
        return null;
    end if;
    select a.item_kind, a.item_id, l.path into contradicted
    from planwerk.assignment as a
    join planwerk.merged_location as m on m.id = a.location_id
    join planwerk.assignment as other
        on other.location_id = m.survivor_id and other.item_kind = a.item_kind and other.item_id = a.item_id
    join planwerk.location as l on l.id = m.survivor_id
    where other.verdict <> a.verdict
    limit 1;
    if found then
        raise exception 'In planwerk.assignment the % % is both in and not in what would be one location, %: delete one of the two first.',
            contradicted.item_kind, contradicted.item_id, array_to_string(contradicted.path, ' / ') using errcode = 'check_violation';
    end if;
    -- Of two words that are now the same, one stays where it is and says nothing.
    update planwerk.assignment as a
    set location_id = word.survivor_id
    from (
        select distinct on (x.item_kind, x.item_id, m.survivor_id) x.id, m.survivor_id
        from planwerk.assignment as x
        join planwerk.merged_location as m on m.id = x.location_id
        where not exists (
            select from planwerk.assignment as other
            where other.location_id = m.survivor_id and other.item_kind = x.item_kind and other.item_id = x.item_id
        )
        order by x.item_kind, x.item_id, m.survivor_id, x.id
    ) as word
    where a.id = word.id;
    perform planwerk.parse_labels();
    return null;
end
$$;
comment on function planwerk.follow_merged_locations() is
'Trigger of planwerk.location: merges or parts what is below, and has labels and words follow.';

create or replace trigger lock_labels before update on planwerk.location
for each statement execute function planwerk.lock_labels();
create or replace trigger check_location before update of parent_id, merged_into_id on planwerk.location
for each row execute function planwerk.check_location();
-- with two transition tables a trigger cannot be told for which columns
create or replace trigger follow_merged after update on planwerk.location
referencing old table as old_rows new table as new_rows
for each statement execute function planwerk.follow_merged_locations();
