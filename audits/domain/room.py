"""How much one case return, one summative report or one contributor's answer holds.

More than anybody writes by hand: without an end, one person could make of a return what takes its
pages and its stops longer than a request may last.
"""

from collections.abc import Callable, Iterable, Mapping

from audits.models import AgencyReturn, CaseReturn, EngagementEntry, Point

MOST_POINTS = 100
MOST_LINES = 100
MOST_ACTIONS = 60

POINTS_FULL = (
    f"There is no room for this: one case, or one report, holds {MOST_POINTS} points. Put some "
    "together, or remove some, and save again."
)
REPLY_FULL = (
    f"There is no room for this: an answer about one case holds {MOST_POINTS} points. Put some "
    "together, or leave some out, and send it again."
)
LINES_FULL = (
    f"There is no room for this: a chronology holds {MOST_LINES} lines. Put some together, or "
    "remove some, and save again."
)
ACTIONS_FULL = (
    f"There is no room for this: a report holds {MOST_ACTIONS} actions. Put some together, or "
    "clear some, and save again."
)


class NoRoomError(Exception):
    """`keys` name the texts for which there was none; the message says what to do."""

    def __init__(self, sentence: str, keys: Iterable[str] = ()) -> None:
        super().__init__(sentence)
        self.keys = list(keys)


def leave_out(full: Mapping[str, str], keys: set[str], refused: dict[str, str] | None) -> set[str]:
    """The other keys; `refused` is told of these, or without it NoRoomError is raised."""
    if refused is None:
        raise NoRoomError(next(iter(full.values())), full)
    refused.update(full)
    return keys - full.keys()


def without_room(case_return: CaseReturn, new: Mapping[str, str]) -> dict[str, str]:
    """Of new texts of a case return, by their keys, those for which there is none, and why."""
    written = [key for key, words in new.items() if words.strip()]
    points = [key for key in written if key.startswith("point:")]
    lines = [key for key in written if key.startswith("entry:")]
    home = case_return.agency_return
    return refused_by(lambda: for_points(home, case_return, keys=points)) | refused_by(
        lambda: for_lines(case_return, keys=lines)
    )


def refused_by(check: Callable[[], None]) -> dict[str, str]:
    """What a check says of each text for which there is no room."""
    try:
        check()
    except NoRoomError as full:
        return dict.fromkeys(full.keys, str(full))
    return {}


def for_points(
    agency_return: AgencyReturn, case_return: CaseReturn | None, *, keys: Iterable[str]
) -> None:
    """Raise NoRoomError unless so many can be made here; `keys` name each, in one query at most.

    For a write that holds the lock of what they are to belong to.
    """
    if not (keys := list(keys)):
        return
    there = Point.objects.filter(agency_return=agency_return, case_return=case_return)
    _require(there.count(), MOST_POINTS, keys, POINTS_FULL)


def for_lines(case_return: CaseReturn, *, keys: Iterable[str]) -> None:
    if not (keys := list(keys)):
        return
    there = EngagementEntry.objects.filter(case_return=case_return)
    _require(there.count(), MOST_LINES, keys, LINES_FULL)


def for_actions(there: int, *, keys: Iterable[str]) -> None:
    _require(there, MOST_ACTIONS, list(keys), ACTIONS_FULL)


def for_reply(there: int, *, keys: Iterable[str]) -> None:
    """The same for the points of a contributor's answer; `keys` name the text of each new one."""
    _require(there, MOST_POINTS, list(keys), REPLY_FULL)


def _require(there: int, most: int, keys: list[str], sentence: str) -> None:
    if beyond := keys[max(0, most - there) :]:
        raise NoRoomError(sentence, beyond)
