"""What the warehouse has to hold of Teamwork, worked out from the truth without the tap's code."""

import datetime as dt

import inflection
from difference import Difference

STREAMS = (
    "companies",
    "people",
    "teams",
    "tags",
    "project_categories",
    "projects",
    "custom_fields",
    "workflows",
    "stages",
    "tasklists",
    "milestones",
    "timelogs",
    "tasks",
    "comments",
)

RENAMED = {
    ("tasks", "start_on"): lambda row: day(row["startDate"]),
    ("tasks", "due_on"): lambda row: day(row["dueDate"]),
    ("projects", "start_on"): lambda row: day(row["startAt"]),
    ("projects", "end_on"): lambda row: day(row["endAt"]),
    ("projects", "owner_id"): lambda row: row["projectOwnerId"] or None,
    ("milestones", "deadline"): lambda row: day(row["deadline"]),
    ("companies", "client_managed_by"): lambda row: (row["clientManagedBy"] or {}).get("id"),
    ("people", "created_by"): lambda row: (row["createdBy"] or {}).get("id"),
    ("people", "updated_by"): lambda row: (row["updatedBy"] or {}).get("id"),
    ("people", "working_hours_id"): lambda row: row["workingHoursId"],
    ("teams", "company_id"): lambda row: int(row["company"]["id"]) if row["company"] else None,
    ("teams", "parent_team_id"): lambda row: (
        int(row["parentTeam"]["id"]) if row["parentTeam"] else None
    ),
    ("teams", "root_team_id"): lambda row: int(row["rootTeam"]["id"]) if row["rootTeam"] else None,
    ("teams", "project_id"): lambda row: int(row["projectId"] or 0) or None,
    ("teams", "member_ids"): lambda row: [int(member["id"]) for member in row["members"]],
    ("teams", "deleted_date"): lambda row: moment(row["deletedDate"] or None),
    ("stages", "workflow_id"): lambda row: row["workflow"]["id"],
    ("workflows", "stage_ids"): lambda row: [stage["id"] for stage in row["stages"]],
    ("comments", "updated_at"): lambda row: moment(
        max(filter(None, (row["postedDateTime"], row["dateLastEdited"], row["dateDeleted"])))
    ),
}
"""What a column holds where it is not simply the attribute of the same name."""


def day(text):
    return dt.date.fromisoformat(text[:10]) if text else None


def moment(text):
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None


def expected(stream, column, kind, row):
    """Return what a column has to hold, worked out without the tap's code."""
    if (stream, column) in RENAMED:
        return RENAMED[stream, column](row)
    if column == "url":
        return None
    value = row.get(inflection.camelize(column, uppercase_first_letter=False))
    if value is None and column.endswith("_ids"):
        relation = inflection.pluralize(column.removesuffix("_ids"))
        related = row.get(inflection.camelize(relation, uppercase_first_letter=False)) or []
        value = [item["id"] for item in related]
    if kind == "ARRAY":
        return [int(item) for item in value or []]
    if kind.startswith("timestamp"):
        return moment(value)
    if kind == "date":
        return day(value)
    if kind == "bigint" and value is not None:
        return None if column.endswith(("_id", "_by")) and int(value) == 0 else int(value)
    return value


def custom_field_values(control):
    """Return the values per stream and row, as the API sends them, ordered by their ids."""
    values = {}
    for value in sorted(control.truth("custom_field_values"), key=lambda value: value["id"]):
        for stream, owner in (
            ("tasks", "taskId"),
            ("projects", "projectId"),
            ("companies", "companyId"),
        ):
            if owner in value:
                values.setdefault((stream, value[owner]), []).append(value)
    return values


def living(pipeline, stream):
    """Return the columns of a table with their types, and its living rows by id."""
    columns = pipeline.rows(
        "select column_name::text, data_type::text from information_schema.columns"
        " where table_schema = 'raw_teamwork' and table_name = %s"
        " and column_name not like %s order by ordinal_position",
        stream,
        "\\_sdc%",
    )
    names = ", ".join(f'"{name}"' for name, _ in columns)
    rows = pipeline.rows(f"select {names} from raw_teamwork.{stream} where _sdc_deleted_at is null")
    return columns, {row[0]: row for row in rows}


def differences(pipeline):
    """Yield every difference in any column of any row, and in which rows there are.

    That a comment stays which a deleted project hides is none: nothing tells whether it is gone.
    """
    values = custom_field_values(pipeline.control)
    for stream in STREAMS:
        columns, held = living(pipeline, stream)
        truth = {int(row["id"]): row for row in pipeline.control.truth(stream, reachable=True)}
        kept = held.keys() - truth.keys()
        if stream == "comments" and kept:
            kept -= {row["id"] for row in pipeline.control.truth("comments")}
        yield from (Difference(stream, id_, "too many") for id_ in sorted(kept))
        for id_, row in truth.items():
            if id_ not in held:
                yield Difference(stream, id_, "missing", row=row)
                continue
            for (column, kind), value in zip(columns, held[id_], strict=True):
                if column == "url":
                    wanted = value if value.endswith(f"/app/{stream}/{id_}") else None
                elif column == "custom_field_values":
                    wanted = values.get((stream, id_), [])
                else:
                    wanted = expected(stream, column, kind, row)
                if value != wanted:
                    yield Difference(stream, id_, column, value, wanted, row)


def compare(pipeline):
    """Find no difference; return the number of rows."""
    found = [str(difference) for difference in differences(pipeline)]
    assert not found, found[:9]
    return sum(len(living(pipeline, stream)[1]) for stream in STREAMS)
