"""Persons: one per mail address over all sources, whatever came first."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

PEOPLE = "select address, name, is_internal from planwerk.person order by address"
IDENTITIES = (
    "select source, kind, source_id, address, name, is_internal, seen_at,"
    " (select p.address from planwerk.person as p where p.id = i.person_id)"
    " from planwerk.person_identity as i order by 1, 2, 3, 4"
)
HUBER = "h.huber@firma.example"


def person(key: int, email: str | None, name: str = "", **columns: Any) -> dict[str, Any]:
    first, _, last = name.rpartition(" ")
    return {"id": key, "email": email, "first_name": first, "last_name": last} | columns


def contact(key: str, *emails: str, **columns: Any) -> dict[str, Any]:
    infos = [{"kind": "email", "label": "work", "value": email} for email in emails]
    return {"id": key, "infos": [*infos, {"kind": "phone_number", "value": "+49 1"}]} | columns


def mail(key: str, day: int | None, *to: tuple[str, str | None] | str, **columns: Any) -> Any:
    """Return a message to these people, delivered on a day of March."""
    fields = [
        {"address": one} if isinstance(one, str) else {"address": one[0], "name": one[1]}
        for one in to
    ]
    return {
        "id": key,
        "conversation_id": "c",
        "delivered_at": day and f"2026-03-{day:02}T08:00:00Z",
        "to_fields": fields,
    } | columns


def load_people(warehouse: Any, *rows: dict[str, Any]) -> None:
    warehouse.load_as_loader("raw_teamwork.people", *rows)


def stored_and_fresh(warehouse: Any) -> tuple[Any, Any]:
    """Return what triggers made, and what a computation from nothing gives."""
    stored = warehouse.rows(PEOPLE), warehouse.rows(IDENTITIES)
    warehouse.run("delete from planwerk.person_identity")
    warehouse.run("update planwerk.person set name = 'stale', is_internal = not is_internal")
    warehouse.run("select planwerk.refresh_people()")
    return stored, (warehouse.rows(PEOPLE), warehouse.rows(IDENTITIES))


def test_an_address_is_one_person_named_by_the_best_source_in_any_order(warehouse: Any) -> None:
    loads = {
        "mail": lambda: warehouse.load_missive("messages", mail("m", 1, (HUBER, "Hubi"))),
        "contact": lambda: warehouse.load_missive(
            "contacts", contact("k", " H.Huber@firma.example ", first_name="Hans", last_name="H.")
        ),
        "user": lambda: warehouse.load_missive(
            "users", {"id": "u", "name": "Hans", "email": "<h.huber@FIRMA.example>"}
        ),
        "person": lambda: load_people(warehouse, person(7, HUBER, "Hans Huber")),
    }
    for order in permutations(loads):
        for table in ("raw_missive.messages", "raw_missive.contacts", "raw_missive.users"):
            warehouse.run(f"truncate {table}")
        warehouse.run("truncate raw_teamwork.people")
        assert warehouse.rows(PEOPLE) == []
        for load in order:
            loads[load]()
        assert warehouse.rows(PEOPLE) == [(HUBER, "Hans Huber", True)]
        assert warehouse.rows("select kind from planwerk.person_identity order by 1") == sorted(
            "address" if load == "mail" else load for load in loads
        )

    only = warehouse.value("select id from planwerk.person")
    for statement, name, is_internal in [
        ("update raw_teamwork.people set last_name = 'Huber-Groß'", "Hans Huber-Groß", True),
        ("update raw_teamwork.people set deleted = true", "Hans", True),
        ("update raw_missive.users set _sdc_deleted_at = now()", "Hans H.", False),
        ("update raw_missive.contacts set deleted = true", "Hubi", False),
        ("update raw_missive.contacts set deleted = null", "Hans H.", False),
        ("delete from raw_missive.contacts", "Hubi", False),
    ]:
        warehouse.run(statement)
        assert warehouse.rows("select id, name, is_internal from planwerk.person") == [
            (only, name, is_internal)
        ]
    warehouse.run("delete from raw_missive.messages")
    assert warehouse.rows(PEOPLE) == []
    assert warehouse.rows("select message from planwerk.trigger_error") == []


def test_the_newest_mail_that_names_somebody_counts(warehouse: Any) -> None:
    def name() -> Any:
        stored, fresh = stored_and_fresh(warehouse)
        assert stored == fresh
        return warehouse.value("select name from planwerk.person where address = %s", [HUBER])

    steps = [
        (mail("a", 5, HUBER), None),
        (mail("b", 3, (HUBER, HUBER.upper())), None),
        (mail("c", 2, (HUBER, "'Hans  Huber'")), "Hans Huber"),
        (mail("d", None, (HUBER, "Draft")), "Hans Huber"),
        (mail("e", 4, (HUBER, "Hubi"), ("x@y.example", "X")), "Hubi"),
        (mail("f", 1, (HUBER, "Older")), "Hubi"),
        (mail("d", 6, (HUBER, "Sent")), "Sent"),
        (mail("d", 6, "x@y.example"), "Hubi"),
        (mail("g", 4, (HUBER, "Zacharias"), (HUBER, "Anton")), "Zacharias"),
        (mail("e", 4, ("x@y.example", "X")), "Zacharias"),
        (mail("g", 1, (HUBER, "Zacharias")), "Hans Huber"),
    ]
    for row, expected in steps:
        warehouse.load_missive("messages", row)
        assert name() == expected
    warehouse.run("delete from raw_missive.messages where id in ('c', 'e')")
    assert name() == "Zacharias"
    addresses = "select address from planwerk.person order by address"
    assert warehouse.rows(addresses) == [HUBER, "x@y.example"]
    warehouse.run("delete from raw_missive.messages where id = 'd'")
    assert warehouse.rows(addresses) == [HUBER]


@pytest.fixture(scope="module")
def shared(make_warehouse: Any) -> Any:
    return make_warehouse()


ADDRESSES = st.sampled_from(["a@x.example", "b@x.example", "c@y.example", "none"])
NAMES = st.sampled_from([None, "", "Anna", "Bert", "a@x.example"])
MAIL = st.builds(
    lambda key, day, to: mail(key, day, *to),
    st.sampled_from(["1", "2", "3", "4"]),
    st.none() | st.integers(1, 3),
    st.lists(st.tuples(ADDRESSES, NAMES), max_size=3),
)
STEP = st.lists(MAIL, max_size=3, unique_by=lambda row: row["id"]) | st.sampled_from(["1", "2"])
"""A batch to load, or the id of a mail to delete."""


@settings(max_examples=50, deadline=None, derandomize=True)
@given(steps=st.lists(STEP, min_size=1, max_size=6))
def test_any_changes_of_mails_end_in_the_same_people_as_a_fresh_computation(
    shared: Any, steps: list[Any]
) -> None:
    shared.run("truncate raw_missive.messages")
    for step in steps:
        if isinstance(step, str):
            shared.run("delete from raw_missive.messages where id = %s", [step])
        else:
            shared.load_missive("messages", *step)
    stored, fresh = stored_and_fresh(shared)
    assert stored == fresh
    assert shared.rows("select message from planwerk.trigger_error") == []


def test_what_is_no_address_makes_no_person_and_loses_nothing(warehouse: Any) -> None:
    bad = [
        *(
            "undisclosed-recipients:;",
            "huber",
            "@x.example",
            "a@",
            "a@b@c.example",
            "a b@x.example",
        ),
        *("", " ", f"{'a' * 1000}@x.example", "a@x.example, b@x.example", "%", "_@"),
    ]
    warehouse.load_missive(
        "messages",
        mail("m", 1, *bad, "Ü@x.example", *(f"p{n}@list.example" for n in range(500))),
        mail("odd", 1, from_field="text", to_fields={"address": 7}, cc_fields=[None, [], "x", 1]),
        mail("sms", 1, from_field={"id": "+49 1", "name": "Handy"}, to_fields=None),
    )
    warehouse.load_missive("contacts", contact("k", *bad), {"id": "odd", "infos": "none"})
    warehouse.load_missive("users", {"id": "u", "name": "No address"})
    load_people(warehouse, person(1, None, "Nobody"), person(2, "", "Nobody"))
    assert warehouse.value("select count(*) from raw_missive.messages") == 3
    assert warehouse.rows(
        "select address from planwerk.person where address not like 'p%@list.example'"
    ) == ["ü@x.example"]
    assert warehouse.value("select count(*) from planwerk.person") == 501
    assert warehouse.rows("select message from planwerk.trigger_error") == []


def test_who_is_internal_says_the_account_or_the_domain(warehouse: Any) -> None:
    load_people(
        warehouse,
        person(1, "a@buero.example", in_owner_company=True),
        person(2, "b@bauherr.example", in_owner_company=False, company_id=8),
        person(3, "c@other.example", company_id=8),
        person(4, "d@other.example", company_id=9),
    )
    warehouse.load_missive("users", {"id": "u", "email": "e@mail.example"})
    warehouse.load_missive("messages", mail("m", 1, "f@buero.example", "g@sub.buero.example"))

    def internal() -> str:
        people = warehouse.rows(
            "select left(address, 1) from planwerk.person where is_internal order by 1"
        )
        return "".join(people)

    assert internal() == "ae"
    warehouse.load_as_loader(
        "raw_teamwork.companies", {"id": 8, "is_owner": True}, {"id": 9, "is_owner": False}
    )
    assert internal() == "ace"
    warehouse.run("insert into planwerk.internal_domain values (' @Buero.EXAMPLE ')")
    assert internal() == "acef"
    warehouse.run("update planwerk.internal_domain set domain = 'sub.buero.example'")
    assert internal() == "aceg"
    warehouse.load_missive("messages", mail("n", 1, "h@sub.buero.example"))
    assert internal() == "acegh"
    warehouse.run("truncate planwerk.internal_domain")
    warehouse.run("update raw_teamwork.companies set is_owner = id = 9")
    assert internal() == "ade"
    stored, fresh = stored_and_fresh(warehouse)
    assert stored == fresh
    with pytest.raises(Exception, match="“a b” is no mail domain; write what stands behind the @"):
        warehouse.run("insert into planwerk.internal_domain values ('a b')")


def test_a_failure_stops_no_load_and_apply_repairs_it(warehouse: Any) -> None:
    warehouse.run(
        "alter table planwerk.person add constraint broken check (address <> 'a@x.example')"
    )
    warehouse.load_missive("messages", mail("m", 1, ("a@x.example", "Anna"), "b@x.example"))
    warehouse.load_missive("contacts", contact("k", "a@x.example"))
    load_people(warehouse, person(1, "a@x.example"))
    tables = ["raw_missive.messages", "raw_missive.contacts", "raw_teamwork.people"]
    assert [warehouse.value(f"select count(*) from {table}") for table in tables] == [1, 1, 1]
    assert warehouse.rows(
        "select source, table_name from planwerk.trigger_error"
        " where message like '%broken%' order by id"
    ) == [("missive", "messages"), ("missive", "contacts"), ("teamwork", "people")]
    warehouse.run("alter table planwerk.person drop constraint broken")
    assert warehouse.apply()
    assert warehouse.rows("select address, name from planwerk.person order by 1") == [
        ("a@x.example", "Anna"),
        ("b@x.example", None),
    ]
    assert warehouse.rows("select message from planwerk.trigger_error") == []


def test_unchanged_and_irrelevant_rows_write_nothing(warehouse: Any) -> None:
    rows = [mail(str(n), 1, (f"p{n}@x.example", "P")) for n in range(20)]
    warehouse.load_missive("messages", *rows)
    load_people(warehouse, person(1, "a@x.example", "Anna"))
    versions = (
        "select xmin::text, address from planwerk.person union all"
        " select xmin::text, source_id from planwerk.person_identity order by 2, 1"
    )
    before = warehouse.rows(versions)
    warehouse.load_missive("messages", *rows[3:], *(row | {"body": "new"} for row in rows[:3]))
    warehouse.run("update raw_missive.messages set subject = 'new', updated_at = now()")
    warehouse.run("update raw_teamwork.people set title = 'Bauleitung'")
    warehouse.run("update raw_teamwork.people set _sdc_table_version = 7")
    assert warehouse.rows(versions) == before
    warehouse.load_missive("messages", mail("0", 2, ("p0@x.example", "Q")))
    assert [key for _, key in set(warehouse.rows(versions)) - set(before)] == ["p0@x.example"]


def test_views_tell_who_somebody_is_and_what_of(warehouse: Any) -> None:
    load_people(
        warehouse,
        person(1, "j@buero.example", "Jana Brandt", in_owner_company=True, title="Planerin"),
        person(2, HUBER, "Hans Huber", company_id=5),
    )
    warehouse.load("companies", id=5, name="Elektro Huber GmbH")
    group = {"kind": "organization", "name": "Gemeinde Musterstadt"}
    warehouse.load_missive("users", {"id": "u", "email": "j@buero.example", "name": "J. B."})
    warehouse.load_missive(
        "contacts",
        contact("k", "bauherr@gemeinde.example", memberships=[{"title": "Amt", "group": group}]),
    )
    warehouse.load_conversation("c", subject="Ventil", assignee_ids=["u"])
    warehouse.load_conversation("d", subject="Intern")
    warehouse.load_missive(
        "messages",
        mail(
            *("m", 1, "J@buero.example", "j@buero.example"),
            from_field={"address": HUBER, "name": "hubi"},
            cc_fields=[{"address": "bauherr@gemeinde.example"}],
        ),
        mail("n", 2, "j@buero.example", conversation_id="d"),
    )
    warehouse.load("tasks", id=1, name="Prüfen", assignee_user_ids=[2, 1], created_by=1)
    assert warehouse.rows(
        "select name, domain, company, job_title, is_internal, known_from"
        " from planwerk.contact order by address"
    ) == [
        (
            *("bauherr@gemeinde.example", "gemeinde.example", "Gemeinde Musterstadt", "Amt"),
            *(False, ["contact", "mail"]),
        ),
        ("Hans Huber", "firma.example", "Elektro Huber GmbH", None, False, ["mail", "teamwork"]),
        ("Jana Brandt", "buero.example", None, "Planerin", True, ["mail", "teamwork", "user"]),
    ]
    assert warehouse.rows(
        "select e.id, e.from_name, e.from_person_name, p.address from planwerk.email as e"
        " left join planwerk.person as p on p.id = e.from_person_id order by e.id"
    ) == [("m", "hubi", "Hans Huber", HUBER), ("n", None, None, None)]
    assert warehouse.rows(
        "select participants, is_external from planwerk.conversation order by id"
    ) == [
        (["Hans Huber", "Jana Brandt", "bauherr@gemeinde.example"], True),
        (["Jana Brandt"], False),
    ]
    assert warehouse.rows(
        "select person_name, roles, email_id, conversation_id, is_internal"
        " from planwerk.email_person order by email_id, address"
    ) == [
        ("bauherr@gemeinde.example", ["cc"], "m", "c", False),
        ("Hans Huber", ["from"], "m", "c", False),
        ("Jana Brandt", ["to"], "m", "c", True),
        ("Jana Brandt", ["to"], "n", "d", True),
    ]
    assert warehouse.rows(
        "select p.name, i.part, i.item_kind, i.item_id, i.title from planwerk.person_item as i"
        " join planwerk.person as p on p.id = i.person_id where p.name is not null"
        " order by 1, 2, 3, 4"
    ) == [
        ("Hans Huber", "assignee", "task", "1", "Prüfen"),
        ("Hans Huber", "participant", "conversation", "c", "Ventil"),
        ("Jana Brandt", "assignee", "conversation", "c", "Ventil"),
        ("Jana Brandt", "assignee", "task", "1", "Prüfen"),
        ("Jana Brandt", "creator", "task", "1", "Prüfen"),
        ("Jana Brandt", "participant", "conversation", "c", "Ventil"),
        ("Jana Brandt", "participant", "conversation", "d", "Intern"),
    ]
