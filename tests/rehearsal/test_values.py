"""Values with markers: unknown and secret."""

from rehearsal.values import UNKNOWN, Secret, as_text, has_secret, has_unknown, leaves, lookup, plain


def test_secrets_are_stripped_at_any_depth_and_never_shown() -> None:
    value = {"a": [Secret({"b": Secret("geheim")})]}
    assert plain(value) == {"a": [{"b": "geheim"}]}
    assert "geheim" not in repr(value)
    assert has_secret(value)
    assert not has_secret(plain(value))


def test_an_unknown_is_found_within_a_secret() -> None:
    assert has_unknown([{"a": Secret([UNKNOWN])}])
    assert not has_unknown([{"a": Secret([1])}])


def test_leaves_have_their_paths_and_an_empty_container_is_one() -> None:
    assert list(leaves({"a": [1, Secret({"b": 2})], "c": {}})) == [(("a", 0), 1), (("a", 1, "b"), 2), (("c",), {})]


def test_below_an_unknown_all_is_unknown_and_below_nothing_there_is_nothing() -> None:
    values = {"a": UNKNOWN, "b": Secret({"c": [7]})}
    assert lookup(values, ("a", "x", 0)) is UNKNOWN
    assert lookup(values, ("b", "c", 0)) == 7
    assert lookup(values, ("b", "c", 1)) is None
    assert lookup(values, ("z", "y")) is None


def test_text_is_written_as_the_wire_has_it() -> None:
    assert (as_text(True), as_text(3), as_text(Secret("a")), as_text([]), as_text(UNKNOWN)) == ("true", "3", "a", None, None)
