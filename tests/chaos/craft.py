"""The documents under test: what people do in Craft, and what the warehouse has to hold of it."""

import datetime as dt
import re

from document_truth import STREAMS, differences
from source import Source
from tap_craft.listing import key
from tap_craft.sketch import Sketch, entry_for
from tap_kit.columns import utc

FULL_TABLES = tuple(stream for stream in STREAMS if stream != "document_contents")
FIRST_DAY = "2026-02-27"
DAYS = (FIRST_DAY, "2026-03-01", "2026-03-02", "2026-03-09", "2026-03-10", "2026-03-11")
FAR_DAY = "2026-06-20"
"""Beyond the days that a link to daily notes asks for, unless something mentions it."""
_TARGET = re.compile(r"block://[0-9A-Za-z-]+|invalid:out_of_scope")


def act(action, kind, id_=None, /, **values):
    """Return a mutation."""
    mutation = {"action": action, "kind": kind}
    return mutation | ({"id": id_} if id_ else {}) | ({"values": values} if values else {})


class Craft(Source):
    """The documents, through a link of one of the three flavours."""

    name = "craft"
    fault_paths = (
        ("^documents$", 4),
        ("^blocks$", 4),
        ("^folders$", 2),
        ("^tasks$", 2),
        ("^collections$", 2),
        ("/items$", 1),
        ("/schema$", 1),
        ("^connection$", 1),
        (".", 3),
    )

    @property
    def control(self):
        return self.sandbox.craft

    @property
    def account(self):
        settings = {"start_date": f"{FIRST_DAY}T00:00:00Z"} if self.flavour == "daily" else {}
        return {
            "api_url": self.sandbox.craft_urls[self.flavour],
            "requests_per_ten_seconds": 100_000,
            "requests_per_minute": 1_000_000,
            "blocks_per_minute": 10_000_000,
            **settings,
        }

    @property
    def secrets(self):
        return ["sandbox-space", "sandbox-documents", "sandbox-daily", "pdk_sandbox"]

    @property
    def tap_folders(self):
        return [self.folder / "home" / "tap-craft"]

    def prepare(self, random):
        self.flavour = random.choice(["space", "space", "documents", "daily"])
        self._empty_folders()
        self._switches(random)

    def _empty_folders(self):
        """Delete most folders that nothing is in: each costs a request in every run."""
        folders = [row for row in self.control.truth("folders") if not row["_built_in"]]
        used = {
            tuple(row["_path"][:depth])
            for row in folders
            for depth in range(len(row["_path"]) + 1)
            if row["documentCount"]
        }
        unused = [row["id"] for row in folders if tuple(row["_path"]) not in used]
        self.control.delete_folders(*unused[1:])

    def _switches(self, random):
        settings = {
            "recursive_folders": random.random() < 0.5,
            "daily_notes_folder": random.random() < 0.5,
            "moves_change_documents": random.random() < 0.3,
            "comments_change_documents": True,
            "millisecond_times": random.random() < 0.3,
            "missing_titles": random.random() < 0.5,
            "broken_status": 500 if self.flavour == "daily" else random.choice([404, 500]),
            "unknown_folder": random.choice(["404", "empty"]),
            "extra_fields": random.random() < 0.3,
        }
        self.control.set(**settings)
        return settings

    def switch(self, random):
        if random.random() < 0.2:
            return self._spoil_memory(random)
        settings = self._switches(random)
        lag = random.choice([None, None, 5])
        self.control.set(listing_cache_seconds=lag)
        return f"{settings}, listing_cache_seconds = {lag}"

    def _spoil_memory(self, random):
        for file in (self.folder / "home" / "tap-craft").glob("*.collections.sqlite"):
            if random.random() < 0.5:
                file.write_bytes(b"damaged " * 2_000)
                return "the kept answers are damaged"
            file.unlink()
        return "the kept answers are lost"

    def mutation(self, random):
        kinds = {
            self._text: 8,
            self._rename: 2,
            self._place: 5,
            self._new_document: 4,
            self._moment: 2,
            self._reach: 4,
            self._broken: 2,
            self._collection: 6,
            self._task: 4,
            self._folder: 4,
        }
        (chosen,) = random.choices(list(kinds), kinds.values())
        return chosen(random)

    def _documents(self, *, deleted=False):
        rows = self.control.truth("documents")
        return [row for row in rows if not row["_purged"] and row["_deleted"] <= deleted]

    def _document(self, random):
        """Return a living document, mostly one that the link shows."""
        rows = self._documents()
        shown = {row["id"] for row in self._shown("documents")}
        near = [row for row in rows if row["id"] in shown]
        return random.choice(near if near and random.random() < 0.8 else rows)

    def _shown(self, stream):
        return self.control.truth(stream, reachable=True, flavour=self.flavour)

    def _folders(self):
        rows = self.control.truth("folders", reachable=True)
        return [row["id"] for row in rows if not (row["_built_in"] or row["_deleted"])]

    @staticmethod
    def _word(random):
        return random.choice(["", "Ü 🏗 ", "KG 434 "]) + f"Wort {random.randrange(10**6)}"

    def _text(self, random):
        document, word = self._document(random)["id"], self._word(random)
        blocks = [
            block
            for row in self.control.truth("document_contents")
            if row["document_id"] == document
            for block in row["_block_ids"][1:]
        ]
        action = random.choice(["append", "append", "edit", "edit", "delete", "comment", "media"])
        if action == "append" or not blocks:
            return [act("append", "documents", document, text=word)]
        if action == "media":
            return [act("create", "blocks", parent=document, type="image", text="Neu")]
        values = {"edit": {"text": word}, "comment": {"content": word}, "delete": {}}[action]
        return [act(action, "blocks", random.choice(blocks), **values)]

    def _rename(self, random):
        title = random.choice(["", self._word(random)])
        return [act("edit", "documents", self._document(random)["id"], title=title)]

    def _place(self, random):
        """Move, trash, restore or purge a document."""
        action = random.choice(["move", "move", "move", "trash", "restore", "purge"])
        row = self._document(random)
        if action == "restore":
            trashed = [row["id"] for row in self._documents(deleted=True) if row["_deleted"]]
            return [act(action, "documents", random.choice(trashed))] if trashed else None
        if action == "purge" and random.random() < 0.6:
            return None
        if action != "move":
            return [act(action, "documents", row["id"])]
        if row["_location"] == "daily_notes":
            return None
        folders = self._folders()
        place = {"location": random.choice(["unsorted", "templates"])}
        if folders and random.random() < 0.8:
            place = {"folder": random.choice(folders)}
        return [act(action, "documents", row["id"], **place)]

    def _new_document(self, random):
        word = self._word(random)
        content = [
            {"text": word},
            {"type": "image", "text": "Bild"},
            {"type": "code", "rawCode": "x\n</page>\n  y"},
            {"type": "page", "text": "Anlage", "content": [{"text": "tief"}]},
        ]
        values = {"title": word, "blocks": content[: random.randrange(5)]}
        folders = self._folders()
        if random.random() < 0.5:
            day = values["dailyNoteDate"] = random.choice([*DAYS, FAR_DAY])
            if day == FAR_DAY:
                task = {"state": "todo", "scheduleDate": "2026-03-05"}
                values["blocks"] = [{"text": word, "listStyle": "task", "taskInfo": task}]
        elif folders and random.random() < 0.6:
            values["folder"] = random.choice(folders)
        if random.random() < 0.5:
            values["links"] = ["sandbox-documents"]
        if random.random() < 0.2:
            values["lastModifiedAt"] = self._any_moment(random)
        return [act("create", "documents", **values)]

    @staticmethod
    def _any_moment(random):
        year = random.choice([*range(2015, 2026), 2099, 2099])
        date = f"{random.randrange(1, 13):02d}-{random.randrange(1, 28):02d}"
        return f"{year}-{date}T12:{random.randrange(60):02d}:{random.randrange(60):02d}Z"

    def _moment(self, random):
        """A device that was offline, or whose clock is wrong, brings a change."""
        document, word = self._document(random)["id"], self._word(random)
        return [
            act("append", "documents", document, text=word),
            act("edit", "documents", document, lastModifiedAt=self._any_moment(random)),
        ]

    def _reach(self, random):
        """Take a document into the selection or out of it."""
        if random.random() < 0.7:
            return [act("add_to_scope", "documents", random.choice(self._documents())["id"])]
        return [act("remove_from_scope", "documents", self._document(random)["id"])]

    def _broken(self, random):
        broken = [row["id"] for row in self._documents() if row["_broken"]]
        if broken and random.random() < 0.6:
            return [act("edit", "documents", random.choice(broken), broken=False)]
        return [act("edit", "documents", self._document(random)["id"], broken=True)]

    def _collection(self, random):
        word, collections = self._word(random), self.control.truth("collections", reachable=True)
        action = random.choice(
            ["create", "edit", "add", "add", "edit row", "edit row", "delete row"]
        )
        columns = [{"key": "status", "name": "Status", "type": "text"}]
        if action == "create" or not collections:
            document = self._document(random)["id"]
            return [act("create", "collections", document=document, name=word, properties=columns)]
        chosen = random.choice(collections)["id"]
        if action == "edit":
            return [act("edit", "collections", chosen, name=word)]
        if action == "add":
            row = {"collection": chosen, "title": word, "properties": {"status": word}}
            return [act("create", "collection_items", **row)]
        rows = self.control.truth("collection_items", reachable=True)
        rows = [row["id"] for row in rows if row["_collection_id"] == chosen]
        if not rows:
            return None
        values = {"title": word} if action == "edit row" else {}
        return [act(action.split()[0], "collection_items", random.choice(rows), **values)]

    def _task(self, random):
        word, tasks = self._word(random), self.control.truth("tasks", reachable=True)
        action = random.choice(["create", "create", "edit", "edit", "delete"])
        if action == "create" or not tasks:
            place = {"document": self._document(random)["id"], "scheduleDate": "2026-03-12"}
            return [act("create", "tasks", text=word, **random.choice([place, {}]))]
        state = {"state": random.choice(["done", "todo", "canceled"])} if action == "edit" else {}
        return [act(action, "tasks", random.choice(tasks)["id"], **state)]

    def _folder(self, random):
        word, folders = self._word(random), self._folders()
        action = random.choice(["create", "rename", "move", "delete"])
        if action == "create" or len(folders) < 2:
            parent = {"parent": random.choice(folders)} if folders and random.random() < 0.5 else {}
            return [act("create", "folders", name=word, **parent)]
        one, other = random.sample(folders, 2)
        if action == "delete":
            return [act(action, "folders", one)] if random.random() < 0.5 else None
        values = {"name": word} if action == "rename" else {"parent": random.choice([other, None])}
        return [act("edit", "folders", one, **values)]

    def living(self):
        found = {stream: {row["id"] for row in self._shown(stream)} for stream in FULL_TABLES}
        documents = {row["id"]: row for row in self._shown("documents")}
        found["documents"] = {id_ for id_, row in documents.items() if not row["_deleted"]}
        found["folders"] = set(self._folders()) if self.flavour == "space" else set()
        return found

    def marked_deleted(self):
        return {
            stream: set(
                self.rows(
                    f"select id from raw_craft.{stream} where _sdc_deleted_at is not null"
                    + (" or is_deleted" if stream == "documents" else "")
                )
            )
            for stream in FULL_TABLES
        }

    def compare(self):
        return [str(found) for found in differences(self) if not self._is_untold(found)]

    def _is_untold(self, difference):
        """Tell whether Craft gives no way to know better."""
        _, _, what, found, wanted, row = difference
        if what == "title" and not (found or wanted):
            return True  # whether an untitled document has an empty title or none
        if self.flavour == "documents" and what == "markdown":
            # What a selection does not show is masked in links; that changes without a trace.
            return _TARGET.sub("LINK", found) == _TARGET.sub("LINK", wanted)
        if self.flavour == "daily" and what == "missing":
            notes = {note["id"]: note["dailyNoteDate"] for note in self._shown("documents")}
            within = (row.get("location") or {}).get("date") or notes.get(row.get("document_id"))
            return not self._is_asked_for(row.get("dailyNoteDate") or within)
        return False

    def _is_asked_for(self, day):
        """Whether the tap asks for a day's note where no task and no collection mentions it."""
        today = dt.date.fromisoformat(self.control.now()[:10])
        return not day or FIRST_DAY <= day <= str(today + dt.timedelta(days=30))

    def bookmarks_ahead(self, state):
        entry = state.get("bookmarks", {}).get("document_contents", {})
        mark, clock = entry.get("replication_key_value"), self.control.now()
        if mark and mark > clock:
            return [f"the bookmark is {mark}, the clock {clock}"]
        return list(self._read_but_not_there(entry)) if entry.get("read") else []

    def _read_but_not_there(self, entry):
        """Say which documents count as read, as they are now, and are not there so."""
        if self.flavour == "daily":
            return  # a digest of the whole note tells its version
        rows = self._shown("documents")
        rows = [row for row in rows if not row["_broken"] and row.get("lastModifiedAt")]
        entries = {
            entry_for(key(row["id"]), utc(row["lastModifiedAt"])): (
                row["id"],
                row["lastModifiedAt"],
            )
            for row in rows
        }
        differing = Sketch(entry["read"]).differences(entries)
        held = dict(
            self.rows("select document_id, last_modified_at from raw_craft.document_contents")
        )
        for read in entries.keys() - (entries if differing is None else differing):
            id_, changed_at = entries[read]
            if held.get(id_) != dt.datetime.fromisoformat(changed_at.replace("Z", "+00:00")):
                yield f"document {id_} of {changed_at} counts as read, there is {held.get(id_)}"

    def settle(self):
        self.control.set(listing_cache_seconds=None)
        self.control.advance(3_600)
        if self.flavour == "daily":
            # A note that does not answer holds up the word about what is gone.
            broken = [row["id"] for row in self._documents() if row["_broken"]]
            if broken:
                self.control.repair_documents(*broken)

    def wants_mass_delete(self, log):
        return super().wants_mass_delete(log) or "leads elsewhere" in log
