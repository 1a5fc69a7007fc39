-- The key numbers, one row; deleted items do not count.
with living as (
    select
        count(*) filter (where kind = 'task') as tasks,
        count(*) filter (where kind = 'task' and status is distinct from 'completed') as open_tasks,
        count(*) filter (where kind = 'conversation') as conversations,
        count(*) filter (where kind = 'conversation' and status = 'open') as open_conversations,
        count(*) filter (where kind = 'document') as documents
    from planwerk.item
    where not is_deleted
)
select
    living.*,
    (
        select count(*) from (select distinct item_kind, item_id from planwerk.item_cost_group where not is_deleted) as i
    ) as with_cost_group,
    (
        select count(*) from (select distinct item_kind, item_id from planwerk.item_location where not is_deleted) as i
    ) as with_location,
    (
        select count(*) from (select distinct item_kind, item_id from planwerk.item_project where not is_deleted) as i
    ) as with_project,
    (select count(*) from planwerk.trigger_error) as trigger_errors,
    (select count(*) from planwerk.rejected_row) as rejected_rows
from living
