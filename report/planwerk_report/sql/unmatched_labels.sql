-- Labels in use that no rule knows, those of one name together, the most used first.
select
    planwerk.tidy(coalesce(name, '')) as name,
    outcome,
    reason,
    array_agg(distinct source order by source) as sources,
    array_agg(distinct array_to_string(trim_array(path, 1), ' / ')) filter (where cardinality(path) > 1) as places,
    sum(use_count)::bigint as uses
from planwerk.unmatched_label
group by planwerk.tidy(coalesce(name, '')), outcome, reason
order by uses desc, 1, reason
