"""Nobody works out a small count from what is printed: by hand, and for every small world."""

from collections import defaultdict
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.figures.small_numbers import EVERYTHING, LEAST, SmallNumbers

EIGHT = SmallNumbers(8)


class TestByHand:
    def test_a_small_count_is_withheld_and_a_nought_is_not(self) -> None:
        assert [EIGHT.whole(count) for count in (0, 1, 7, 8, 60)] == [0, None, None, 8, 60]

    def test_48_of_56_leaves_8_and_49_leaves_7(self) -> None:
        assert EIGHT.parts(56, (48, 8)) == (48, 8)
        assert EIGHT.parts(56, (49, 7)) == (None, None)

    def test_all_of_56_leave_none(self) -> None:
        assert EIGHT.part(56, 56, of=56) == 56

    def test_one_small_cell_takes_its_row_with_it(self) -> None:
        assert EIGHT.parts(56, (9, 39, 6, 2)) == (None,) * 4

    def test_what_is_part_of_something_withheld_is_withheld(self) -> None:
        assert EIGHT.parts(EIGHT.whole(5), (5, 0)) == (None, None)

    def test_the_board_is_told_everything(self) -> None:
        assert EVERYTHING.parts(56, (9, 39, 6, 2)) == (9, 39, 6, 2)
        assert EVERYTHING.whole(1) == 1
        assert not EVERYTHING.withholds


def page_of(rule: SmallNumbers, leaves: tuple[int, ...]) -> tuple[object, ...]:
    """What is printed of one agency: sample, audited, graded, met good, and each grade.

    The leaves are the cases of two good and two lower grades, ungraded, and not audited.
    """
    best, good, low, worst, ungraded, unaudited = leaves
    graded = best + good + low + worst
    audited = graded + ungraded
    sample = rule.whole(audited + unaudited)
    shown_audited, _ = rule.parts(sample, (audited, unaudited))
    shown_graded, shown_ungraded = rule.parts(shown_audited, (graded, ungraded))
    met, not_met = rule.parts(shown_graded, (best + good, low + worst))
    return (
        sample,
        shown_audited,
        shown_graded,
        shown_ungraded,
        met,
        not_met,
        *rule.parts(met, (best, good)),
        *rule.parts(not_met, (low, worst)),
    )


def counts_of(leaves: tuple[int, ...]) -> tuple[int, ...]:
    """The same counts, whoever reads."""
    counts = page_of(EVERYTHING, leaves)
    return tuple(count for count in counts if isinstance(count, int))


def test_every_small_world_has_another_that_prints_the_same_page() -> None:
    """All worlds of up to seven cases with the limit at 3: whatever a page withholds comes to
    different numbers in worlds that print it, so nobody tells which, knowing the rule or not."""
    rule = SmallNumbers(LEAST)
    seen: defaultdict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
    for leaves in product(range(8), repeat=6):
        # Without a case there is no document.
        if 0 < sum(leaves) <= 7:
            seen[page_of(rule, leaves)].append(counts_of(leaves))
    for page, worlds in seen.items():
        for place, shown in enumerate(page):
            values = {world[place] for world in worlds}
            assert values == {shown} if shown is not None else len(values) > 1, (page, place)


LEAVES = st.tuples(*[st.integers(0, 70)] * 6).filter(any)


@settings(max_examples=300, deadline=None)
@given(leaves=LEAVES, below=st.integers(LEAST, 20))
def test_no_printed_count_and_no_difference_of_two_is_small(
    leaves: tuple[int, ...], below: int
) -> None:
    """Along the tree a reader subtracts a part from its whole; nothing small is left."""
    rule = SmallNumbers(below)
    sample, audited, graded, ungraded, met, not_met, best, good, low, worst = page_of(rule, leaves)
    printed = [sample, audited, graded, ungraded, met, not_met, best, good, low, worst]
    differences = [
        whole - part
        for whole, part in [(sample, audited), (audited, graded), (graded, met), (met, best)]
        if isinstance(whole, int) and isinstance(part, int)
    ]
    for count in [*printed, *differences]:
        assert count is None or count == 0 or (isinstance(count, int) and count >= below)


@settings(max_examples=300, deadline=None)
@given(
    parts=st.lists(st.integers(0, 40), min_size=2, max_size=6),
    below=st.integers(LEAST, 20),
    place=st.integers(0, 5),
)
def test_a_withheld_part_may_be_another_number(parts: list[int], below: int, place: int) -> None:
    """For any row that is withheld under a printed whole, another row with another number in any
    one place prints the same."""
    rule, place, whole = SmallNumbers(below), place % len(parts), sum(parts)
    shown = rule.parts(rule.whole(whole), parts)
    if None not in shown or rule.whole(whole) is None:
        return
    other = 1 if parts[place] != 1 else 2
    twin = [0] * len(parts)
    twin[place], twin[place - 1] = other, whole - other
    assert twin[place] != parts[place]
    assert sum(twin) == whole
    assert rule.parts(whole, twin) == shown
