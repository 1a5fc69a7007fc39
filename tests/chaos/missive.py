"""The mail under test: what people do in Missive, and what the warehouse has to hold of it."""

import datetime as dt
import sqlite3
from contextlib import closing, suppress

from mail_truth import FULL_TABLES, REDACTED, SHELL, WITHIN_CONVERSATIONS, differences
from source import Source

DAY = 86_400
LONGEST_LOOKBACK = 120
SEAT = "Sync Dienst"
"""The user whose token the tap has; without it there is nothing to read."""
PERSONAL = ("trash", "junk", "archive", "snooze", "restore")


def act(action, kind, /, *ids, **values):
    """Return a mutation."""
    mutation = {"action": action, "kind": kind}
    return mutation | ({"ids": list(ids)} if ids else {}) | ({"values": values} if values else {})


def seconds(moment):
    """Return an ISO date-time as Unix seconds."""
    return dt.datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()


def is_renamed(what, found, wanted):
    """Tell whether a colleague or a group of contacts has another name since a row was read."""
    if what == "memberships":
        found, wanted = ([entry["group"] for entry in entries or ()] for entries in (found, wanted))
        return [group["id"] for group in found] == [group["id"] for group in wanted]
    return what == "author" and bool(found and wanted) and found["id"] == wanted["id"]


class Missive(Source):
    """The mail."""

    name = "missive"
    fault_paths = (
        ("^conversations$", 4),
        ("^conversations/[^/]+/messages", 2),
        ("^conversations/[^/]+/comments", 2),
        ("^conversations/[^/]+$", 1),
        ("^messages/", 3),
        ("^(contacts|contact_groups)$", 1),
        ("^tasks$", 1),
        ("^(shared_labels|teams|users|responses|contact_books)$", 1),
        ("^organizations$", 1),
        (".", 3),
    )

    @property
    def control(self):
        return self.sandbox.missive

    @property
    def account(self):
        return {
            "api_url": self.sandbox.missive_url,
            "api_token": "missive_pat-sandbox",
            "requests_per_minute": 100_000,
            "requests_per_quarter_hour": 1_000_000,
            "spool_folder": str(self.folder / "spool"),
        }

    @property
    def secrets(self):
        return ["missive_pat-sandbox"]

    @property
    def tap_folders(self):
        return [self.folder / "spool"]

    def prepare(self, random):
        self.quiet = set()
        """Messages and comments that changed without a trace."""
        self.quietly_shown = set()
        """Conversations that came up without activity: only a full sweep finds them."""
        self.moved = set()
        """Conversations and messages that went into another one, which moves no activity."""
        self.untold = set()
        """Conversations that went while nothing was known of what had been delivered."""
        self.unknown, self.loaded = set(), set()
        self.is_damaged = False
        self.lineages = 0
        self.lineage = None
        self.control.set(
            until_inclusive=random.random() < 0.6,
            all_includes_trashed=random.random() < 0.3,
            labels_move_activity=random.random() < 0.3,
            trash_moves_activity=random.random() < 0.3,
            merge_survivor=random.choice(["target", "source"]),
            nested_lists_follow_merges=random.random() < 0.4,
            unknown_ids_in_batch=random.choice(["dropped", "404"]),
            largest_batch=random.choice([50, 50, 7, 3]),
            created_at_in_single=random.random() < 0.3,
            empty_404=random.random() < 0.3,
            redacted_keys=random.choice(["null", "missing"]),
            batch_order=random.choice(["given", "reversed"]),
            fractional_timestamps=random.random() < 0.3,
            extra_fields=random.random() < 0.3,
        )

    def tap_settings(self, random):
        return {
            "message_batch_size": random.choice([3, 10, 10, 50]),
            "full_sweep_hours": random.choice([0, 1, 24, 24, 24]),
            "lookback_seconds": random.choice([0, 120, 120]),
        }

    def switch(self, random):
        chance = random.random()
        if chance < 0.2:
            self._lose_memory()
            return "the spool folder is emptied"
        if chance < 0.25:
            self._damage_memory()
            return "the spool is damaged"
        name, value = random.choice(
            [
                ("labels_move_activity", random.random() < 0.5),
                ("trash_moves_activity", random.random() < 0.5),
                ("all_includes_trashed", random.random() < 0.5),
                ("largest_batch", random.choice([50, 7, 3])),
                ("batch_order", random.choice(["given", "reversed"])),
            ]
        )
        self.control.set(**{name: value})
        return f"{name} = {value}"

    def _lose_memory(self):
        for file in (self.folder / "spool").glob("*"):
            file.unlink()

    def _damage_memory(self):
        for file in (self.folder / "spool").glob("*.sqlite"):
            file.write_bytes(b"damaged " * 2_000)
            self.is_damaged = True

    def mutation(self, random):
        kinds = {
            self._message: 5,
            self._comment: 4,
            self._conversation: 8,
            self._access: 4,
            self._new_conversation: 2,
            self._busy: 1,
            self._merge: 2,
            self._quiet_message: 3,
            self._edited_message: 1,
            self._quiet_comment: 1,
            self._beside: 2,
            self._task: 2,
            self._contact: 3,
            self._list: 4,
        }
        (chosen,) = random.choices(list(kinds), kinds.values())
        return chosen(random)

    def _living_conversations(self):
        rows = self.control.truth("conversations")
        return [row for row in rows if not row["_deleted"] and not row["_merged_into"]]

    def _message(self, random):
        conversation = random.choice(self._living_conversations())["id"]
        imported = {"delivered_at": 1_500_000_000 + random.randrange(10**6)}
        sender = {"name": "Neu", "address": f"neu{random.randrange(20)}@extern.example"}
        return [
            act(
                "create",
                random.choice(["messages"] * 5 + ["drafts", "posts"][:1]),
                conversation=conversation,
                body=f"<p>KG 434, Nachricht {random.random()}</p>",
                **(imported if random.random() < 0.15 else {}),
                **({"from_field": sender} if random.random() < 0.4 else {}),
            )
            for _ in range(random.choice([1, 1, 1, 1, 9, 10, 11, 23]))
        ]

    def _comment(self, random):
        conversation = random.choice(self._living_conversations())["id"]
        return [
            act("create", "comments", conversation=conversation, body=f"Notiz {random.random()}")
            for _ in range(random.choice([1, 1, 1, 1, 9, 10, 11, 23]))
        ]

    def _busy(self, random):
        rows = self._living_conversations()
        chosen = random.sample(rows, min(len(rows), random.choice([20, 52, 60])))
        return [act("create", "comments", conversation=row["id"], body="alle") for row in chosen]

    def _conversation(self, random):
        rows = [r for r in self._living_conversations() if not (r["_guest"] or r["_hidden"])]
        if not rows:
            return None
        row = random.choice(rows)
        id_, users = row["id"], [user["id"] for user in row["users"]]
        labels = [label["id"] for label in self.control.truth("shared_labels", reachable=True)]
        some = random.sample(labels, min(len(labels), random.randrange(1, 4)))
        action = random.choice(
            [*PERSONAL, "trash", "junk", "restore", "close", "reopen", "assign", "unassign"]
            + ["label"] * 3
            + ["unlabel"] * 3
            + ["edit"] * 3
            + ["delete"]
        )
        if action in PERSONAL:
            chosen = random.choice(["all", "all", None, random.sample(users, min(1, len(users)))])
            return [act(action, "conversations", id_, **({"users": chosen} if chosen else {}))]
        if action == "assign":
            return [act(action, "conversations", id_, users=users[:2])] if users else None
        if action == "unassign":
            return [act(action, "conversations", id_, users="all")]
        if action == "label":
            return [act(action, "conversations", id_, shared_label_ids=some)]
        if action == "unlabel":
            worn = [label["id"] for label in row["shared_labels"]]
            return [act(action, "conversations", id_, shared_label_ids=worn)] if worn else None
        if action == "edit":
            team = random.choice(self.control.truth("teams", reachable=True) or [{"id": None}])
            return [
                act(
                    action,
                    "conversations",
                    id_,
                    **random.choice(
                        [
                            {"subject": f"Betreff {random.random()}"},
                            {"subject": None, "color": random.choice([None, "good", "#112233"])},
                            {"team": random.choice([None, team["id"]])},
                            {"shared_label_ids": random.choice([[], some])},
                            {"assignees": random.choice([[], users[:1]])},
                        ]
                    ),
                )
            ]
        return [act(action, "conversations", id_)]

    def _access(self, random):
        rows = self._living_conversations()
        hidden = [row["id"] for row in rows if row["_hidden"]]
        guests = [row["id"] for row in rows if row["_guest"]]
        seen = [row["id"] for row in rows if not row["_hidden"]]
        if random.random() < 0.02:
            return [act("hide", "conversations", *random.sample(seen, len(seen) * 2 // 3))]
        action, ids = random.choice(
            [
                ("hide", seen),
                ("reveal", hidden),
                ("reveal", hidden),
                ("make_guest", seen),
                ("make_full", guests),
            ]
        )
        if not ids:
            return None
        id_ = random.choice(ids)
        if action in ("reveal", "make_full"):
            self.quietly_shown.add(id_)
        return [act(action, "conversations", id_)]

    def _new_conversation(self, random):
        if random.random() < 0.6:
            return [act("create", "messages", body="<p>Neuer Faden</p>", subject="KG 440 Angebot")]
        id_ = f"{random.getrandbits(32):08x}-0000-4000-8000-{random.getrandbits(48):012x}"
        if random.random() < 0.5:
            self.quietly_shown.add(id_)
            created = act(
                "create", "conversations", id=id_, last_activity_at=1_600_000_000, subject="alt"
            )
        else:
            created = act("create", "conversations", id=id_, subject="Unterhaltung")
        return [created, *self._chat(random, id_)]

    @staticmethod
    def _chat(random, conversation):
        if random.random() < 0.5:
            return []
        return [act("create", "comments", conversation=conversation, body="nur wir")]

    def _merge(self, random):
        rows = self._living_conversations()
        source, target = random.sample(rows, 2)
        for row in (source, target):
            self.moved.add(row["id"])
        return [act("merge", "conversations", source["id"], target=target["id"])]

    def _messages(self):
        return [row for row in self.control.truth("messages") if not row["_deleted"]]

    def _quiet_message(self, random):
        row = random.choice(self._messages())
        action = random.choice(["edit", "delete", "move", "redact", "redact", "unredact"])
        if action == "move":
            rows = [r for r in self._living_conversations() if not (r["_guest"] or r["_hidden"])]
            self.moved.add(row["id"])
            self.quietly_shown.add(row["id"])
            return [act("move", "messages", row["id"], conversation=random.choice(rows)["id"])]
        self.quiet.add(row["id"])
        if action == "edit":
            return [act("edit", "messages", row["id"], body=f"<p>geändert {random.random()}</p>")]
        again = [act("reopen", "conversations", row["_conversation_id"])]
        return [act(action, "messages", row["id"]), *random.choice([[], again])]

    def _edited_message(self, random):
        """Edit the newest message of a conversation that then gets active."""
        row = random.choice(self._messages())
        within = [r for r in self._messages() if r["_conversation_id"] == row["_conversation_id"]]
        newest = max(within, key=lambda r: r["delivered_at"])
        return [
            act("edit", "messages", newest["id"], body=f"<p>berichtigt {random.random()}</p>"),
            act("reopen", "conversations", row["_conversation_id"]),
        ]

    def _quiet_comment(self, random):
        rows = [row for row in self.control.truth("comments") if not row["_deleted"]]
        if not rows:
            return None
        id_ = random.choice(rows)["id"]
        self.quiet.add(id_)
        if random.random() < 0.5:
            return [act("delete", "comments", id_)]
        return [act("edit", "comments", id_, body=f"berichtigt {random.random()}")]

    def _beside(self, random):
        """Drafts and posts, of which a conversation tells the number at most."""
        kind = random.choice(["drafts", "posts"])
        conversation = random.choice(self._living_conversations())["id"]
        rows = [row for row in self.control.truth(kind) if not row["_deleted"]]
        if rows and random.random() < 0.4:
            return [act("delete", kind, random.choice(rows)["id"])]
        if kind == "drafts":
            return [act("create", kind, conversation=conversation, body="<p>Entwurf</p>")]
        return [act("create", kind, conversation=conversation, username="Melder")]

    def _task(self, random):
        rows = [row for row in self.control.truth("conversation_tasks") if not row["_deleted"]]
        if not rows or random.random() < 0.3:
            row = random.choice(self._living_conversations())
            place = {} if random.random() < 0.4 else {"conversation": row["id"]}
            return [
                act("create", "conversation_tasks", title=f"Aufgabe {random.random()}", **place)
            ]
        id_ = random.choice(rows)["id"]
        action = random.choice(["edit", "edit", "close", "reopen", "delete"])
        values = {
            "title": f"anders {random.random()}",
            "due_at": random.choice([None, 1_800_000_000]),
        }
        return [act(action, "conversation_tasks", id_, **(values if action == "edit" else {}))]

    def _contact(self, random):
        books = [row["id"] for row in self.control.truth("contact_books", reachable=True)]
        rows = self.control.truth("contacts")
        living = [row["id"] for row in rows if not row["_deleted"]]
        deleted = [row["id"] for row in rows if row["_deleted"]]
        action = random.choice(["create", "create", "edit", "edit", "edit", "delete", "restore"])
        address = f"kontakt{random.randrange(9)}@extern.example"
        values = {
            "last_name": f"Name {random.random()}",
            "infos": [{"kind": "email", "label": "work", "value": address}],
        }
        if action == "create" and books:
            return [act(action, "contacts", contact_book=random.choice(books), **values)]
        if action == "restore":
            return [act(action, "contacts", random.choice(deleted))] if deleted else None
        if not living:
            return None
        if action == "delete":
            return [act(action, "contacts", random.choice(living))]
        return [act("edit", "contacts", random.choice(living), **values)]

    def _list(self, random):
        """Change one of the lists that are read whole."""
        kind = random.choice([*FULL_TABLES, "shared_labels", "shared_labels"])
        rows = [row for row in self.control.truth(kind, reachable=True) if row.get("name") != SEAT]
        word = f"KG {random.randrange(300, 500)} Wort {random.randrange(10**6)}"
        action = random.choice(["create", "create", "edit", "edit", "delete"])
        if action == "create" or len(rows) < 2:
            return [act("create", kind, **self._new_row(random, kind, word))]
        id_ = random.choice(rows)["id"]
        if action == "delete":
            few = kind in ("organizations", "contact_books")
            return None if few and random.random() < 0.8 else [act("delete", kind, id_)]
        if kind == "shared_labels" and random.random() < 0.2:
            return [act("edit", kind, id_, visibility=random.choice(["delegates", "organization"]))]
        if kind == "users" and random.random() < 0.2:
            return [act("edit", kind, id_, left=True)]
        return [act("edit", kind, id_, **{"title" if kind == "responses" else "name": word})]

    def _new_row(self, random, kind, word):
        if kind == "responses":
            return {"title": word, "body": "<p>Mit freundlichen Grüßen</p>"}
        if kind == "users":
            return {"name": word, "email": f"neu{random.randrange(10**6)}@musterbau.example"}
        if kind == "contact_groups":
            books = self.control.truth("contact_books", reachable=True)
            which = random.choice(["group", "organization"])
            return {"name": word, "contact_book": random.choice(books)["id"], "kind": which}
        if kind == "shared_labels" and random.random() < 0.4:
            parent = random.choice(self.control.truth(kind, reachable=True))
            return {"name": word, "parent": parent["id"]}
        return {"name": word}

    def living(self):
        found = {
            stream: {row["id"] for row in self.control.truth(stream, reachable=True)}
            for stream in ("conversations", *FULL_TABLES)
        }
        found["contacts"] = {
            row["id"] for row in self.control.truth("contacts") if not row["_deleted"]
        }
        found["contact_groups"] -= self._of_deleted_books("contact_groups")
        return found

    def _of_deleted_books(self, stream):
        """Return rows of address books that are gone, of which no list tells."""
        books = {row["id"] for row in self.control.truth("contact_books", reachable=True)}
        rows = self.control.truth(stream)
        return {row["id"] for row in rows if row.get("contact_book") not in books}

    def marked_deleted(self):
        marks = dict.fromkeys(FULL_TABLES, "_sdc_deleted_at is not null")
        marks["contacts"] = "deleted or _sdc_deleted_at is not null"
        marks["conversations"] = (
            "is_deleted or merged_into_id is not null or _sdc_deleted_at is not null"
        )
        return {
            stream: set(self.rows(f"select id from raw_missive.{stream} where {mark}"))
            for stream, mark in marks.items()
        }

    def compare(self):
        unlisted = self._of_deleted_books("contacts") | self._of_deleted_books("contact_groups")
        return [
            str(difference)
            for difference in differences(self)
            if difference.id not in unlisted and not self._is_untold(difference)
        ]

    def _is_untold(self, difference):
        """Tell whether Missive gives no way to know better; each case is in the tap's README."""
        stream, id_, what, found, wanted, row = difference
        if stream == "conversations" and what not in ("missing", "too many") and row["_guest"]:
            # A guest is told no more than the id; what was known before stays.
            return what not in SHELL
        if stream == "conversations" and what == "too many":
            return id_ in self.untold
        if stream == "conversation_tasks" and what == "too many":
            return True  # nothing tells that a task is gone
        if is_renamed(what, found, wanted):
            return True
        if stream == "comments" and what == "task":
            return True  # it changes without the comment
        if self.lineages > 1 and what in ("missing", "conversation_id"):
            # Without the file in the spool folder, only what got active since is read.
            return bool({id_, row.get("_conversation_id")} & (self.moved | self.quietly_shown))
        if what == "conversation_id":
            # A merge moves neither activity nor the moments of what it brings.
            return self._merged_into(found) == wanted
        if stream == "comments" and what == "missing":
            # Those of a merged conversation without mail: nothing counts them.
            return row["_conversation_id"] in self.moved
        if stream in WITHIN_CONVERSATIONS and id_ in self.quiet:
            return what not in ("missing", "too many", "conversation_id")
        is_redacted = stream == "messages" and row["_redacted"]
        return is_redacted and what in REDACTED | {"body_text"}

    def _merged_into(self, conversation):
        """Return the conversation that one is in now, by the marks in the warehouse."""
        merged = dict(
            self.rows(
                "select id, merged_into_id from raw_missive.conversations"
                " where merged_into_id is not null"
            )
        )
        passed = set()
        while conversation in merged and conversation not in passed:
            passed.add(conversation)
            conversation = merged[conversation]
        return conversation

    def bookmarks_ahead(self, state):
        bookmarks = state.get("bookmarks", {})
        clock = self.control.now()
        self._note_lineage(bookmarks.get("conversations", {}))
        found = [
            f"the bookmark of {stream} is {value}, the clock {clock}"
            for stream, entry in bookmarks.items()
            if (value := entry.get("replication_key_value")) and value > clock
        ]
        for stream, moment in (
            ("contacts", "modified_at"),
            ("conversation_tasks", "last_activity_at"),
            ("conversations", "last_activity_at"),
        ):
            entry = bookmarks.get(stream, {})
            # Without a complete sweep the next run lists everything.
            is_swept = "swept_at" in entry or stream == "contacts"
            if entry.get("replication_key_value") and is_swept:
                passed = list(self._passed(stream, moment, entry))
                found += self._not_there(stream, moment, passed)
                if stream == "conversations":
                    to_be_read = self._read_again_with_the_sweep(entry)
                    found += self._not_there_within({row["id"] for row in passed} - to_be_read)
        return found

    def _read_again_with_the_sweep(self, entry):
        """Return the conversations of which the tap has noted that a part could not be read."""
        noted = set()
        for file in (self.folder / "spool").glob("*.sqlite"):
            with closing(sqlite3.connect(file)) as ledger, suppress(sqlite3.DatabaseError):
                noted |= {
                    id_
                    for (id_,) in ledger.execute(
                        "select id from delivered where lineage = ?"
                        " and (was_incomplete or read_up_to is null)",
                        [entry.get("lineage")],
                    )
                }
        return noted

    def _note_lineage(self, entry):
        """Note what went while the state had lost what it goes by: the README says so.

        That is what the warehouse had before the lineage began and what is gone before the first
        full sweep.
        """
        if entry.get("lineage") != self.lineage:
            self.lineage = entry.get("lineage")
            self.lineages += 1
            self.unknown = self.loaded
        living = {row["id"] for row in self.control.truth("conversations", reachable=True)}
        self.untold |= self.unknown - living
        if "swept_at" in entry:
            self.unknown = set()
        self.loaded = set(self.rows("select id from raw_missive.conversations"))

    def _passed(self, stream, moment, entry):
        """Yield the rows that the next run does not ask for before the next full sweep."""
        for row in self.control.truth(stream, reachable=True):
            reached = entry["replication_key_value"]
            if stream == "contacts":
                reached = entry.get("contact_books", {}).get(row.get("contact_book"))
            is_passed = reached and row[moment] < seconds(reached) - LONGEST_LOOKBACK
            unseen = self.quietly_shown | self.moved
            quietly = {row["id"], row.get("conversation")} & unseen
            if is_passed and not quietly:
                yield row

    def _not_there(self, stream, moment, rows):
        held = dict(self.rows(f"select id, {moment} from raw_missive.{stream}"))
        for row in rows:
            changed_at = dt.datetime.fromtimestamp(row[moment], dt.timezone.utc)
            found = held.get(row["id"])
            if not found or found < changed_at:
                yield f"the bookmark passed {stream} {row['id']} of {changed_at}, there is {found}"

    def _not_there_within(self, conversations):
        for stream in WITHIN_CONVERSATIONS:
            held = set(self.rows(f"select id from raw_missive.{stream}"))
            for row in self.control.truth(stream, reachable=True):
                is_moved = {row["id"], row["_conversation_id"]} & self.moved
                if row["_conversation_id"] in conversations and not is_moved | held & {row["id"]}:
                    yield (
                        f"the bookmark passed conversation {row['_conversation_id']}, "
                        f"{stream} {row['id']} is not there"
                    )

    def settle(self):
        if self.is_damaged:
            # The tap asks for that: it names the file and refuses to run.
            self._lose_memory()
        # Labels, trash and access move no activity: the daily sweep finds them.
        self.control.advance(DAY + 3_600)
