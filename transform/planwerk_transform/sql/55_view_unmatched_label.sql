-- What is left for a person to look at: labels in use that no rule knows, or whose code is wrong.
create or replace view planwerk.unmatched_label as
select
    l.source,
    l.source_id,
    l.name,
    l.outcome,
    l.reason,
    uses.use_count,
    l.path
from planwerk.label as l
cross join lateral (
    select count(*) as use_count
    from planwerk.item_label as il
    where il.label_source = l.source and il.label_id = l.source_id and not il.is_deleted
) as uses
where l.outcome in ('unmatched', 'unknown_code') and not l.is_deleted and uses.use_count > 0;
comment on view planwerk.unmatched_label is 'Labels in use that no rule knows, or whose cost group does not exist.';
comment on column planwerk.unmatched_label.source is 'Source of the label.';
comment on column planwerk.unmatched_label.source_id is 'Id in the source.';
comment on column planwerk.unmatched_label.name is 'Name.';
comment on column planwerk.unmatched_label.outcome is 'unmatched or unknown_code.';
comment on column planwerk.unmatched_label.reason is 'Why, as a sentence.';
comment on column planwerk.unmatched_label.use_count is 'Living items that carry it.';
comment on column planwerk.unmatched_label.path is 'Names from the top label down to it, where labels nest.';
