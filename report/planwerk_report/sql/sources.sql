-- Rows and freshness of every source (stream is null) and each of its streams.
select
    source,
    stream,
    sum(rows - deleted_rows)::bigint as living,
    sum(deleted_rows)::bigint as deleted,
    max(last_change) as last_change,
    max(last_extracted_at) as last_extracted_at
from planwerk.sync_status
group by grouping sets ((source), (source, stream))
order by source, stream nulls first
