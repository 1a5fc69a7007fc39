-- Rules are data that people write: a wrong one is refused with a sentence that says what to do,
-- a right one takes effect in the same transaction.

create or replace function planwerk.check_rule() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    this_rule text := format('Rule %s (%s, “%s”)', coalesce(new.default_name, new.id::text), new.category, new.pattern);
    groups integer;
begin
    if new.category is null or new.category not in ('cost_group', 'location', 'task_type', 'project', 'ignore') then
        raise exception '%: there is no such category; use cost_group, location, task_type, project or ignore.', this_rule
            using errcode = 'check_violation';
    end if;
    if new.reads is null or new.reads not in ('name', 'path') then
        raise exception '%: reads is “%”; write name (the label''s own name) or path (with the names above it).', this_rule, new.reads
            using errcode = 'check_violation';
    end if;
    if coalesce(new.pattern, '') = '' then
        raise exception '%: the pattern is empty; write a regular expression.', this_rule using errcode = 'check_violation';
    end if;
    if new.pattern ~ '\\[1-9]' then
        raise exception '%: the pattern refers back to a group (\1), which rules do not support; write the text out.', this_rule
            using errcode = 'check_violation';
    end if;
    begin
        -- The branch () always matches, so the captures can be counted without a text that fits.
        groups := array_length(regexp_match('', '(?:' || new.pattern || ')|()', 'i'), 1) - 1;
        if '' ~* new.pattern then
            raise exception '%: the pattern fits an empty text, so it would match every label; make it demand something.', this_rule
                using errcode = 'check_violation';
        end if;
        perform regexp_match('', '((?:' || new.pattern || '))(.*)$', 'i');
    exception when invalid_regular_expression then
        raise exception '%: the pattern does not compile (%); correct the regular expression.', this_rule, sqlerrm
            using errcode = 'check_violation';
    end;

    if new.category = 'cost_group' and new.value is not null and groups > 0 then
        raise exception '%: the pattern captures % group(s) beside the fixed value %; write (?: ) for groups, or clear the value.',
            this_rule, groups, new.value using errcode = 'check_violation';
    elsif new.category = 'cost_group' and new.value is null and groups not in (1, 2) then
        raise exception '%: a cost group pattern needs one capture group (the code) or two (code and words), this has %; add them, or set a value.',
            this_rule, groups using errcode = 'check_violation';
    elsif new.category = 'location' and groups not between 1 and 3 then
        raise exception '%: a location pattern needs one to three capture groups (building, floor, room), this has %.',
            this_rule, groups using errcode = 'check_violation';
    elsif new.category = 'project' and groups <> (new.value is null)::integer then
        raise exception '%: a project pattern needs one capture group (what is compared with the projects) or, with a value, none; this has %.',
            this_rule, groups using errcode = 'check_violation';
    elsif new.category in ('task_type', 'ignore') and groups > 0 then
        raise exception '%: the pattern of this category captures nothing, this has % capture group(s); write (?: ).',
            this_rule, groups using errcode = 'check_violation';
    end if;

    if new.category = 'cost_group' and new.value is not null
        and not exists (select from planwerk.cost_group as c where c.code::text = new.value) then
        raise exception '%: there is no cost group %; see planwerk.cost_group.', this_rule, new.value
            using errcode = 'check_violation';
    elsif new.category = 'task_type'
        and not exists (select from planwerk.task_type as t where t.name = new.value) then
        raise exception '%: there is no task type %; add it to planwerk.task_type first.', this_rule, coalesce(new.value, '(empty value)')
            using errcode = 'check_violation';
    elsif new.category = 'project' and planwerk.fold(new.value) = '' then
        raise exception '%: the value is empty; write the id or the name of the project.', this_rule using errcode = 'check_violation';
    elsif new.category in ('location', 'ignore') and new.value is not null then
        raise exception '%: a rule of this category has no value; leave it empty.', this_rule using errcode = 'check_violation';
    end if;
    return new;
end
$$;
comment on function planwerk.check_rule() is 'Trigger of planwerk.rule: refuses a rule that cannot work, with the reason.';

create or replace function planwerk.parse_labels_again() returns trigger
language plpgsql
-- who may write rules need not be allowed to write what follows from them
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform planwerk.parse_labels();
    return null;
end
$$;
comment on function planwerk.parse_labels_again() is 'Trigger of planwerk.rule: reads all labels by the changed rules.';

create or replace function planwerk.lock_labels() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('planwerk.parse_labels', 0));
    return null;
end
$$;
comment on function planwerk.lock_labels() is
'Trigger of what people edit and labels are read by: takes the lock before the rows, as loads do, for the other order could end in a deadlock with one.';

create or replace function planwerk.rename_task_type_in_rules() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update planwerk.rule set value = new.name where category = 'task_type' and value = old.name;
    return null;
end
$$;
comment on function planwerk.rename_task_type_in_rules() is 'Trigger of planwerk.task_type: rules follow the new name of a type.';

create or replace trigger lock_labels before insert or update or delete or truncate on planwerk.rule
for each statement execute function planwerk.lock_labels();
create or replace trigger lock_labels before update on planwerk.task_type
for each statement execute function planwerk.lock_labels();
create or replace trigger check_rule before insert or update on planwerk.rule
for each row execute function planwerk.check_rule();
create or replace trigger parse_labels_again after insert or update or delete or truncate on planwerk.rule
for each statement execute function planwerk.parse_labels_again();
create or replace trigger rename_in_rules after update of name on planwerk.task_type
for each row when (old.name is distinct from new.name) execute function planwerk.rename_task_type_in_rules();
