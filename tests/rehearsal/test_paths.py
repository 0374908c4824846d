"""Pulumi's property paths, as its documentation of ignoreChanges writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.paths import covers, parse_path, path_text, without_indexes

steps = st.text(min_size=1) | st.integers(0, 99)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("rules[0].transitions[1].days", ("rules", 0, "transitions", 1, "days")),
        ('tags["a.b"]', ("tags", "a.b")),
        ('["a.b"][0]', ("a.b", 0)),
        ("root.array[*].field", ("root", "array", "*", "field")),
        ("labels.nvidia-gpu", ("labels", "nvidia-gpu")),
    ],
)
def test_a_path_is_read_as_the_documentation_writes_it(text: str, path: tuple) -> None:
    assert parse_path(text) == path


@given(st.lists(steps, min_size=1, max_size=5).filter(lambda path: "*" not in path and isinstance(path[0], str)))
def test_a_path_that_is_written_reads_back(path: list) -> None:
    assert parse_path(path_text(path)) == tuple(path)


@pytest.mark.parametrize("text", ["a[", "a]b", "a[x]", 'a["b'])
def test_a_malformed_path_tells_where(text: str) -> None:
    with pytest.raises(ValueError, match="malformed at character 2"):
        parse_path(text)


def test_a_path_covers_itself_and_what_is_below() -> None:
    assert covers(("a",), ("a", 0, "b"))
    assert covers(("a", "*", "b"), ("a", 0, "b"))
    assert not covers(("a", 1), ("a", 0))
    assert not covers(("a", 0, "b"), ("a", 0))


def test_a_schema_path_has_no_indexes() -> None:
    assert without_indexes(("rules", 0, "transitions", 1, "days")) == "rules.transitions.days"
