import pytest

from audits.domain.drafts import Basis, Conflict, ConflictError, Text, changes, digest, writable


def basis(**texts: str) -> Basis:
    return Basis.of({key: Text(words, 1) for key, words in texts.items()})


def test_what_nobody_else_changed_is_written() -> None:
    write, conflicts = changes({"a": "new"}, {"a": Text("old", 1)}, basis(a="old"))

    assert (write, conflicts) == (["a"], [])


def test_what_the_writer_left_alone_is_not_written_over_anothers_change() -> None:
    write, conflicts = changes({"a": "old"}, {"a": Text("theirs", 2)}, basis(a="old"))

    assert (write, conflicts) == ([], [])


def test_the_same_change_by_both_is_no_conflict() -> None:
    write, conflicts = changes({"a": "same"}, {"a": Text("same", 2)}, basis(a="old"))

    assert (write, conflicts) == ([], [])


def test_two_different_changes_are_a_conflict_and_nothing_is_written() -> None:
    with pytest.raises(ConflictError) as raised:
        writable(
            {"a": "mine", "b": "new"},
            {"a": Text("theirs", 2), "b": Text("old", 1)},
            basis(a="old", b="old"),
        )

    assert raised.value.conflicts == [Conflict("a", "theirs")]


def test_another_text_of_the_same_row_does_not_stand_in_the_way() -> None:
    """Both texts carry the row's revision; only the one that others changed is in conflict."""
    write, conflicts = changes(
        {"a": "mine", "b": "old"},
        {"a": Text("old", 2), "b": Text("theirs", 2)},
        basis(a="old", b="old"),
    )

    assert (write, conflicts) == (["a"], [])


def test_a_text_that_both_began_is_a_conflict() -> None:
    _, conflicts = changes({"a": "mine"}, {"a": Text("theirs", 1)}, Basis({}))

    assert conflicts == [Conflict("a", "theirs")]


def test_a_writer_who_has_seen_the_other_text_may_replace_it() -> None:
    theirs = {"a": Text("theirs", 2)}

    seen = basis(a="old").updated(theirs, ["a"])

    assert changes({"a": "mine"}, theirs, seen) == (["a"], [])


def test_a_basis_survives_its_hidden_field() -> None:
    before = basis(a="old", b="“quoted”")

    assert Basis.parse(str(before)) == before


@pytest.mark.parametrize(
    "raw",
    [
        "[]",
        "nonsense",
        '{"a": 3}',
        '{"a": null}',
        '{"a": {}}',
        '{"a": []}',
        '{"a": ["x", "y"]}',
        '{"a": [1e309, ""]}',
        '{"a":' * 20_000,
    ],
)
def test_a_basis_that_was_tampered_with_is_refused(raw: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json and int raise it with words of their own
        Basis.parse(raw)


def test_line_ends_and_spaces_around_do_not_make_a_change() -> None:
    assert digest("one\r\ntwo ") == digest("one\ntwo")
