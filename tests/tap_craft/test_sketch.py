"""The memory of fixed size finds out what differs, or says that it cannot."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tap_craft.sketch import Sketch, entry_for

entries = st.sets(st.integers(0, 2**64 - 1), max_size=60)


def sketch_of(members):
    sketch = Sketch()
    for member in members:
        sketch.toggle(member)
    return Sketch(str(sketch))


@given(common=entries, here=entries, there=entries)
def test_what_only_one_of_two_sets_has_is_found_out(common, here, there):
    here, there = here - common, there - common
    assert sketch_of(common | here).differences(common | there) == here ^ there


@settings(max_examples=5)
@given(st.integers(0, 1_000))
def test_it_tells_300_differences_among_any_number_of_entries(seed):
    names = [entry_for(str(seed), str(number)) for number in range(3_300)]
    assert sketch_of(names[:3_000]).differences(names[300:3_000]) == set(names[:300])


def test_too_many_differences_are_said_to_be_too_many_and_never_guessed():
    names = [entry_for(str(number)) for number in range(2_000)]
    assert Sketch().differences(names) is None


def test_its_size_does_not_grow():
    names = [entry_for(str(number)) for number in range(2_000)]
    assert len(str(sketch_of(names))) == len(str(Sketch()))


@pytest.mark.parametrize("text", ["YWJj", "no base64"])
def test_a_text_that_is_none_of_its_own_is_refused(text):
    with pytest.raises(ValueError, match=r"bytes|padding|base64"):
        Sketch(text)
