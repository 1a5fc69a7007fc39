-- Living tasks by type; overdue ones are open too, and are counted here only as overdue.
select
    coalesce(task_type, '–') as task_type,
    count(*) filter (where is_completed is not true and coalesce(due_on >= current_date, true)) as open,
    count(*) filter (where is_completed is not true and due_on < current_date) as overdue,
    count(*) filter (where is_completed) as completed
from planwerk.task
where not is_deleted
group by task_type
order by count(*) desc, task_type
