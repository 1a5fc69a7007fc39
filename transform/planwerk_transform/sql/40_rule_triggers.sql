-- Rules are data that people write: a wrong one is refused with a sentence that says what to do,
-- a right one takes effect in the same transaction.

create or replace function planwerk.problem_of_pattern(pattern text)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    -- Longer than any rule takes that people would write, and short enough for every label to be read by it.
    limit_ms constant integer := 300;
    size integer := 8;
    probe text;
    began timestamptz;
begin
    if replace(pattern, '\\', '') ~ '\\[1-9]' then
        return 'the pattern refers back to a group (\1), which rules do not support; write the text out.';
    end if;
    began := clock_timestamp();
    begin
        if '' ~* pattern then
            return 'the pattern fits an empty text, so it would match every label; make it demand something.';
        end if;
        perform regexp_match('', '((?:' || pattern || '))(.*)$', 'i');
    exception when invalid_regular_expression then
        return format('the pattern does not compile (%s); correct the regular expression.', sqlerrm);
    end;
    -- Texts that grow step by step, so that a pattern which takes ever longer is found out before it takes long.
    loop
        if clock_timestamp() > began + limit_ms * interval '1 ms' then
            return format(
                'the pattern takes too long (%s ms for a text of %s characters); do without what looks ahead or behind (?= ?! ?<= ?<!) at any distance (* +), and without repetitions within repetitions.',
                round(extract(epoch from clock_timestamp() - began) * 1000), size
            );
        end if;
        exit when size >= 1000;
        size := least(size + size / 2, 1000);
        began := clock_timestamp();
        for probe in
            select left(repeat(p.text, 1000), size)
            from (
                select 'ab 12 Äß-' as text
                union
                select regexp_replace(pattern, '[^[:alnum:] ]', '', 'g')
                union
                (select distinct c.letter from regexp_split_to_table(left(pattern, 1000) || 'a1 ', '') as c (letter))
            ) as p
            where p.text <> ''
        loop
            perform regexp_match(probe, '((?:' || pattern || '))(.*)$', 'i');
            exit when clock_timestamp() > began + limit_ms * interval '1 ms';
        end loop;
    end loop;
    return null;
end
$$;
comment on function planwerk.problem_of_pattern(text) is
'Why a regular expression cannot be a rule: it does not compile, fits everything or takes too long; null if it can.';

create or replace function planwerk.check_rule() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    this_rule text := format('Rule %s (%s, “%s”)', coalesce(new.default_name, new.id::text), new.category, new.pattern);
    groups integer;
    problem text;
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
    if not new.enabled then
        return new;
    end if;
    problem := planwerk.problem_of_pattern(new.pattern);
    if problem is not null then
        raise exception '%: %', this_rule, problem using errcode = 'check_violation';
    end if;
    -- The branch () always matches, so the captures can be counted without a text that fits.
    groups := array_length(regexp_match('', '(?:' || new.pattern || ')|()', 'i'), 1) - 1;

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

create or replace function planwerk.switch_off_bad_rules()
returns table (id bigint, pattern text, problem text)
language sql
set search_path = pg_catalog, pg_temp
as $$
    update planwerk.rule as r
    set enabled = false
    from (
        select b.id, planwerk.problem_of_pattern(b.pattern) as problem from planwerk.rule as b where b.enabled
    ) as p
    where p.id = r.id and p.problem is not null
    returning r.id, r.pattern, p.problem
$$;
comment on function planwerk.switch_off_bad_rules() is
'Switches off rules that came past the check when they were written, as from an older version, and returns them.';
