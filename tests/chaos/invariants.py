"""What must hold after every step, and what must be equal in the end."""

import json

from planwerk_transform.check import compare

LARGEST_STATE = 20_000
"""Characters; Craft's sketch of what was read is the largest part, and of a fixed size."""


def after_step(pipeline, before, after, marked):
    """Return what is wrong after a step.

    Args:
        pipeline: The pipeline that ran.
        before: What lived when the run began, by stream.
        after: What lives now.
        marked: What was marked as deleted when the run began.
    """
    source, found = pipeline.source, []
    for stream, ids in source.marked_deleted().items():
        wrong = (ids - marked.get(stream, set())) & before[stream] & after[stream]
        if wrong:
            found.append(f"{len(wrong)} living {stream} are marked deleted: {sorted(wrong)[:5]}")
    found += source.bookmarks_ahead(pipeline.state)
    size = len(json.dumps(pipeline.state))
    if size > LARGEST_STATE:
        found.append(f"the state of {source.name} has {size} characters")
    return found


def secrets_told(source, outcome, state):
    """Return where a secret stands that belongs nowhere."""
    places = {
        "the log of the tap": outcome.log,
        "the log of the loader": outcome.loader_log,
        "the output of the tap": outcome.output.decode("utf-8", "replace"),
        "the state": json.dumps(state),
    }
    return [
        f"{place} holds the secret {secret[:4]}..."
        for place, words in places.items()
        for secret in source.secrets
        if secret in words
    ]


def derived(database):
    """Return what is wrong in the tables that triggers keep."""
    comparison = compare(database.url, keep=False)
    return [*comparison.as_lines(), *history(database), *people(database)]


def history(database):
    """Return changes in the history that do not follow from each other, or from the present."""
    chain = database.rows(
        "select item_kind, item_id, field, previous, old_value from ("
        " select *, lag(new_value) over (partition by item_kind, item_id, field, custom_field_id"
        "  order by id) as previous, lag(id) over (partition by item_kind, item_id, field,"
        "  custom_field_id order by id) as previous_id from planwerk.item_change) as c"
        " where previous_id is not null and previous is distinct from old_value"
    )
    twice = database.rows(
        "select item_kind, item_id, field, old_value, new_value from planwerk.item_change"
        " where old_value is not distinct from new_value"
    )
    present = database.rows(PRESENT)
    return [
        *(f"history without a chain: {row}" for row in chain[:5]),
        *(f"history of no change: {row}" for row in twice[:5]),
        *(f"history ends elsewhere: {row}" for row in present[:5]),
    ]


PRESENT = """
with present (item_kind, item_id, field, value) as (
    select 'task', t.id::text, f.field, f.value
    from raw_teamwork.tasks as t
    cross join lateral (
        values
        (
            'status',
            to_jsonb(case when coalesce(t.deleted_at, t._sdc_deleted_at) is not null
                then 'deleted' else t.status end)
        ),
        ('start_on', to_jsonb(t.start_on)),
        ('due_on', to_jsonb(t.due_on)),
        ('project_id', to_jsonb(t.project_id)),
        ('label_ids', to_jsonb(array(select distinct unnest(t.tag_ids) order by 1))),
        (
            'assignee_user_ids',
            to_jsonb(array(select distinct unnest(t.assignee_user_ids) order by 1))
        )
    ) as f (field, value)
    union all
    select 'conversation', c.id, f.field, f.value
    from raw_missive.conversations as c
    cross join lateral (
        values
        ('team_id', to_jsonb(c.team_id)),
        ('label_ids', to_jsonb(array(select distinct unnest(c.shared_label_ids) order by 1))),
        ('assignee_ids', to_jsonb(array(select distinct unnest(c.assignee_ids) order by 1)))
    ) as f (field, value)
    union all
    select 'document', d.id, f.field, f.value
    from raw_craft.documents as d
    cross join lateral (
        values
        ('status', to_jsonb(planwerk.document_status(d.location, d.is_deleted, d._sdc_deleted_at))),
        ('folder_id', to_jsonb(d.folder_id)),
        ('label_ids', to_jsonb(d.folder_ids))
    ) as f (field, value)
),
newest as (
    select distinct on (item_kind, item_id, field) item_kind, item_id, field, new_value
    from planwerk.item_change
    where custom_field_id is null
    order by item_kind, item_id, field, id desc
)
select n.item_kind, n.item_id, n.field, n.new_value, p.value
from newest as n
join present as p using (item_kind, item_id, field)
where coalesce(n.new_value, 'null') <> coalesce(p.value, 'null')
"""


def people(database):
    """Return addresses that two persons have, and identities that stand twice."""
    twice = database.rows(
        "select source, kind, source_id, address from planwerk.person_identity"
        " group by 1, 2, 3, 4 having count(*) > 1"
        " union all select 'person', '', '', address from planwerk.person"
        " group by address having count(*) > 1"
    )
    return [f"twice: {row}" for row in twice[:5]]


def fingerprints(source):
    """Return a fingerprint per table, for comparison after a run in which nothing changed.

    Rows of full tables get the version of the new listing; nothing else may be written.
    """
    raw = [f"raw_{source.name}.{table}" for table in source.stays_unchanged()]
    derived = source.rows(
        "select format('planwerk.%I', tablename) from pg_tables where schemaname = 'planwerk'"
    )
    contents = [
        *((table, "(to_jsonb(t) - '_sdc_table_version')::text") for table in raw),
        *((table, "t.ctid::text || t.xmin::text") for table in derived),
    ]
    return {
        table: source.value(
            f"select count(*) || ' rows ' || coalesce(sum(hashtextextended({row}, 0)), 0)"
            f" from {table} as t"
        )
        for table, row in contents
    }


def written(before, after):
    """Return the tables that differ between two `fingerprints`."""
    return [
        f"{table} is written though nothing changed"
        for table, fingerprint in after.items()
        if fingerprint != before[table]
    ]
