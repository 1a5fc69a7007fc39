"""A connection and its URL say the same."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from planwerk_warehouse import server
from psycopg.conninfo import conninfo_to_dict

words = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20
)
names = st.text("abcdefghijklmnopqrstuvwxyzäöüß0123456789.-_", min_size=1, max_size=30)
ports = st.integers(1, 65535).map(str)
places = st.one_of(
    st.fixed_dictionaries(
        {"host": names | st.ip_addresses().map(str) | words.map("/{}".format)},
        optional={"port": ports},
    ),
    st.lists(st.tuples(names, ports), min_size=2, max_size=3).map(
        lambda pairs: {
            "host": ",".join(host for host, _ in pairs),
            "port": ",".join(port for _, port in pairs),
        }
    ),
    st.fixed_dictionaries({}, optional={"port": ports}),
)
connections = st.builds(
    lambda place, rest: place | rest,
    places,
    st.fixed_dictionaries(
        {},
        optional={
            "user": words,
            "password": words,
            "dbname": words,
            "sslmode": st.sampled_from(["disable", "verify-full"]),
            "options": words,
        },
    ),
)


@given(connections)
@example({"host": "fe80::1%eth0", "port": "5432"})
@example({"password": "without a user", "host": "db"})
def test_the_url_of_a_connection_gives_the_connection_back(connection):
    assert conninfo_to_dict(server.url(connection)) == connection
