"""Teamwork under test."""

from source import Source
from task_truth import STREAMS, differences, moment

FUTURE = "2099-01-01T00:00:00Z"
LOOKBACK_SECONDS = 120
PAGES_BELOW_CEILING = 17
LEAST_CEILING = 300
"""More rows than a list without update times has: tags, and the comments of one project."""
CHANGED_AT = {
    "tasklists": ("updated_at", "updatedAt"),
    "milestones": ("last_changed_on", "lastChangedOn"),
    "timelogs": ("updated_at", "updatedAt"),
    "tasks": ("updated_at", "updatedAt"),
}
"""Per incremental stream: the column of the last change, and its name in the API."""
DELETED_AT = {
    "comments": "date_deleted is not null",
    "milestones": "is_deleted or status = 'deleted'",
    "people": "deleted",
    "projects": "status = 'deleted'",
    "tasklists": "status = 'deleted'",
    "tasks": "status = 'deleted' or deleted_at is not null",
    "teams": "deleted",
    "timelogs": "deleted",
    "custom_fields": "deleted",
}
"""What a row says itself of its deletion, beside the loader's mark."""
DELETABLE = tuple(stream for stream in STREAMS if stream not in ("workflows", "stages"))
RESTORABLE = tuple(stream for stream in DELETABLE if stream not in ("tags", "project_categories"))
TAGGED = ("tasks", "projects", "companies", "milestones", "timelogs")
COMPLETABLE = ("tasks", "tasks", "tasklists", "milestones", "projects")


class Teamwork(Source):
    name = "teamwork"
    fault_paths = (
        (r"^tasks\.json", 4),
        (r"^projects\.json", 2),
        (r"^time\.json", 2),
        (r"^comments\.json", 2),
        (r"^(tasklists|milestones)\.json", 2),
        (r"^(tags|people|companies|customfields|workflows|projectcategories)\.json", 3),
        (r"^teams\.json", 1),
        (".", 3),
    )
    secrets = ("twp_sandbox", "dHdwX3NhbmRib3g6eA==")

    @property
    def control(self):
        return self.sandbox.control

    @property
    def account(self):
        return {
            "base_url": self.sandbox.teamwork_url,
            "api_key": "twp_sandbox",
            "requests_per_minute": 100_000,
        }

    def prepare(self, random):
        self.page_size = random.choice([7, 20, 50, 500, 500])
        self._once_hidden = set()
        """Comments of projects that were deleted once, which the daily sweep finds again."""
        self._note_hidden()

    def tap_settings(self, random):
        return {"page_size": self.page_size}

    def switch(self, random):
        ceiling = max(PAGES_BELOW_CEILING * self.page_size, LEAST_CEILING)
        change = random.choice(
            [
                {"updated_after_inclusive": random.random() < 0.5},
                {"offset_ceiling": random.choice([ceiling, 50_000])},
                {"count_is_lower_bound": random.random() < 0.5},
                {"retry_after": random.random() < 0.5},
                {"rate_limit_reset": random.choice(["epoch", "seconds"])},
            ]
        )
        self.control.set(**change)
        return f"the API: {change}"

    def mutation(self, random):
        change = random.choice(
            [
                *[self._edit] * 5,
                *[self._create] * 4,
                *[self._delete] * 3,
                *[self._restore] * 2,
                *[self._tag] * 3,
                self._untag_all,
                self._unassign,
                self._complete,
                self._archive,
                self._custom_value,
                self._bulk,
                self._future,
                self._move,
                self._parent_and_child,
            ]
        )
        return change(random)

    def _reachable(self, kind):
        return [row for row in self.control.truth(kind, reachable=True) if not is_deleted(row)]

    def _pick(self, random, kind):
        """Return the id of a living row of a kind, or None."""
        rows = self._reachable(kind)
        return int(random.choice(rows)["id"]) if rows else None

    def _edit(self, random):
        kind = random.choice(["tasks", "tasks", *STREAMS])
        word = a_word(random)
        values = {
            "tasks": random.choice(
                [
                    {"name": word},
                    {"progress": random.randrange(100)},
                    {"dueDate": f"2026-0{random.randrange(1, 9)}-11T00:00:00Z"},
                    {"dueDate": None, "priority": None},
                    {"assigneeUserIds": [self._pick(random, "people")]},
                    {"description": word * random.choice([1, 500])},
                ]
            ),
            "comments": {"body": word},
            "timelogs": {"minutes": random.randrange(500), "description": word},
            "people": {"email": f"p{random.randrange(40)}@buero.example", "lastName": word},
        }.get(kind, {"name": word})
        return changed("edit", kind, self._pick(random, kind), **values)

    def _create(self, random):
        kind = random.choice(["tasks", "tasks", "tags", "timelogs", "comments", *DELETABLE])
        values = {"name": a_word(random)}
        project = self._pick(random, "projects")
        tasks = self._reachable("tasks")
        task = random.choice(tasks)["id"] if tasks else None
        match kind:
            case "tasks":
                values |= {"tasklistId": self._pick(random, "tasklists")}
                if task and random.random() < 0.3:
                    values |= {"parentTaskId": task}
            case "tasklists":
                values |= {"projectId": project}
            case "milestones":
                values |= {"projectId": project, "deadline": "2026-09-01T00:00:00Z"}
            case "timelogs":
                values = {"taskId": task, "minutes": 15, "timeLogged": "2026-03-01T08:00:00Z"}
                values |= {"userId": self._pick(random, "people")}
            case "comments":
                values = {"body": a_word(random), "objectId": task}
            case "people":
                values = {"firstName": "Neu", "lastName": a_word(random)}
                values |= {"email": f"p{random.randrange(40)}@buero.example"}
        if None in values.values():
            return None
        return [{"action": "create", "kind": kind, "values": values}]

    def _delete(self, random):
        kind = random.choice(["tasks", "tasks", *DELETABLE])
        return changed("delete", kind, self._pick(random, kind))

    def _restore(self, random):
        kind = random.choice(RESTORABLE)
        deleted = [int(row["id"]) for row in self.control.truth(kind) if is_deleted(row)]
        return changed("restore", kind, random.choice(deleted) if deleted else None)

    def _tag(self, random):
        kind = random.choice(["tasks", *TAGGED])
        tag = self._pick(random, "tags")
        action = random.choice(["tag", "tag", "untag"])
        return tag and changed(action, kind, self._pick(random, kind), tagIds=[tag])

    def _untag_all(self, random):
        rows = [row for row in self._reachable("tasks") if row.get("tagIds")]
        row = random.choice(rows) if rows else None
        return row and changed("edit", "tasks", row["id"], tagIds=[])

    def _unassign(self, random):
        rows = [row for row in self._reachable("tasks") if row.get("assigneeUserIds")]
        row = random.choice(rows) if rows else None
        return row and changed("edit", "tasks", row["id"], assigneeUserIds=[])

    def _complete(self, random):
        kind = random.choice(COMPLETABLE)
        return changed(random.choice(["complete", "reopen"]), kind, self._pick(random, kind))

    def _archive(self, random):
        return changed(
            random.choice(["archive", "unarchive"]), "projects", self._pick(random, "projects")
        )

    def _custom_value(self, random):
        values = self.control.truth("custom_field_values")
        fields = [row for row in self._reachable("custom_fields") if row["entity"] == "task"]
        if values and random.random() < 0.6:
            value = random.choice(values)["id"]
            if random.random() < 0.5:
                return changed("delete", "custom_field_values", value)
            return changed("edit", "custom_field_values", value, value=a_word(random))
        task = self._pick(random, "tasks")
        if not (fields and task):
            return None
        values = {"customfieldId": random.choice(fields)["id"], "taskId": task, "value": "neu"}
        return [{"action": "create", "kind": "custom_field_values", "values": values}]

    def _bulk(self, random):
        """Change many rows in one second, more than a page holds."""
        kind = random.choice(["tasks", "tasks", "timelogs"])
        rows = [row["id"] for row in self._reachable(kind)]
        ids = random.sample(rows, min(len(rows), random.choice([10, 50, 60])))
        values = {"progress": 50} if kind == "tasks" else {"minutes": random.randrange(99)}
        edit = {"action": "edit", "kind": kind, "ids": ids, "values": values, "same_second": True}
        return [edit] if ids else None

    def _future(self, random):
        kind, name = random.choice(
            [("tasks", "updatedAt"), ("timelogs", "updatedAt"), ("milestones", "lastChangedOn")]
        )
        return changed("edit", kind, self._pick(random, kind), **{name: FUTURE})

    def _move(self, random):
        tasklist = self._pick(random, "tasklists")
        return tasklist and changed(
            "edit", "tasks", self._pick(random, "tasks"), tasklistId=tasklist
        )

    def _parent_and_child(self, random):
        """Create a list after the task that moves into it; a new person for it as well."""
        task, project = self._pick(random, "tasks"), self._pick(random, "projects")
        if not (task and project):
            return None
        new = max(row["id"] for row in self.control.truth("tasklists")) + 1
        return [
            {
                "action": "create",
                "kind": "tasklists",
                "values": {"name": "L", "projectId": project},
            },
            {"action": "edit", "kind": "tasks", "id": task, "values": {"tasklistId": new}},
        ]

    def living(self):
        self._note_hidden()
        return {
            stream: {
                int(row["id"])
                for row in self.control.truth(stream, reachable=True)
                if not is_deleted(row)
            }
            for stream in STREAMS
        }

    def marked_deleted(self):
        marked = {}
        for stream in STREAMS:
            says = DELETED_AT.get(stream, "false")
            marked[stream] = set(
                self.rows(
                    f"select id from raw_teamwork.{stream}"
                    f" where _sdc_deleted_at is not null or ({says})"
                )
            )
        return marked

    def compare(self):
        return [str(difference) for difference in differences(self)]

    def bookmarks_ahead(self, state):
        bookmarks = state.get("bookmarks", {})
        clock = self.control.now()
        found = []
        for stream, (column, name) in (
            *CHANGED_AT.items(),
            ("comments", ("updated_at", "")),
        ):
            bookmark = bookmarks.get(stream, {}).get("replication_key_value")
            if not bookmark:
                continue
            if bookmark > clock:
                found.append(f"the bookmark of {stream}, {bookmark}, is after the clock {clock}")
            held = dict(self.rows(f"select id, {column} from raw_teamwork.{stream}"))
            rows = self.control.truth(stream, reachable=True)
            if stream == "comments":
                rows = self._always_shown(rows)
            for row in rows:
                changed_at = moment(row[name]) if name else comment_changed_at(row)
                passed = (moment(bookmark) - changed_at).total_seconds() > LOOKBACK_SECONDS
                if passed and (row["id"] not in held or held[row["id"]] < changed_at):
                    found.append(
                        f"{stream} {row['id']} of {changed_at} is {held.get(row['id'])} in the "
                        f"table, and the bookmark {bookmark} has passed it"
                    )
        return [*found, *self._deletions_passed(bookmarks.get("tasks", {}))]

    def _always_shown(self, comments):
        self._note_hidden()
        return [row for row in comments if row["id"] not in self._once_hidden]

    def _note_hidden(self):
        shown = {row["id"] for row in self.control.truth("comments", reachable=True)}
        hidden = {row["id"] for row in self.control.truth("comments")} - shown
        self._once_hidden |= hidden

    def settle(self):
        """Let a day pass, so that the sweep of the comments is due."""
        self.control.advance(86_400)

    def _deletions_passed(self, bookmark):
        until = bookmark.get("deletions_read_until")
        if not until:
            return
        marked = self.marked_deleted()["tasks"]
        for row in self.control.truth("tasks", reachable=True):
            deleted_at = moment(row["deletedAt"])
            if deleted_at and (moment(until) - deleted_at).total_seconds() > LOOKBACK_SECONDS:
                known = self.rows("select from raw_teamwork.tasks where id = %s", row["id"])
                if known and row["id"] not in marked:
                    yield f"task {row['id']}, deleted at {deleted_at}, lives, read until {until}"


def changed(action, kind, id_, **values):
    """Return a mutation of one row; None where there is no row."""
    if id_ is None:
        return None
    return [{"action": action, "kind": kind, "id": id_, "values": values}]


def is_deleted(row):
    return bool(
        row.get("deleted")
        or row.get("deletedAt")
        or row.get("status") == "deleted"
        or row.get("isDeleted")
    )


def comment_changed_at(row):
    moments = (row["postedDateTime"], row["dateLastEdited"], row["dateDeleted"])
    return moment(max(filter(None, moments)))


def a_word(random):
    """Return a name, now and then one that sorts into a category or is hard to write."""
    return random.choice(
        [
            f"Wort {random.randrange(10**6)}",
            f"KG {random.choice([410, 420, 431, 434, 475, 999])} {random.randrange(99)}",
            f"O-Haus {random.choice('ABC')} {random.choice(['EG', '1. OG', 'UG'])}",
            random.choice(["Mangel", "Nachtrag", "Protokoll"]),
            "Ü 'quer' \"gestellt\" \\ 🏗 %s $$",
        ]
    )
