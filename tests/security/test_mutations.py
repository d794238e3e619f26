"""Would the matrix notice? Every rule of access is broken on purpose, one at a time.

For each broken rule the cells that run through it are opened again, those that are refused first,
until one of them answers, shows or offers what it should not. A rule that can be broken unnoticed
is "unnoticed", and must not be.
"""

import os
import random
import re
import sys
from collections import defaultdict
from types import CodeType

import pytest

from agencies.roles import Role
from tests.contracts.walking import Walk
from tests.endurance import Figures
from tests.endurance.lasting import lasting_walk
from tests.security.matrix import BEHIND, BROKEN, CALL, MAIL, ROWS, Cell, Matrix, mark_of
from tests.security.mutants import Beside, Mutant, all_mutants
from tests.security.test_matrix import spread

SMALL, LONG = 12, 1_000_000
NAME = "mutations"
GONE = "harmless rules that are not there"
WITHOUT = "faults where nothing is broken"
ENOUGH = 400
"""Cells on which a rule is tried alone."""
TOOL = 4
"""The number under which the interpreter tells which functions run; coverage uses another."""

PLAYED_BY = {
    Role.AUDITOR: ("auditor",),
    Role.LEAD: ("lead", "colleague", "excused", "unasked"),
    Role.OFFICER: ("officer",),
    Role.CHAIR: ("chair",),
    Role.MEMBER: ("member",),
    Role.BOARD: ("board",),
    Role.ADMIN: ("admin",),
}

# Rules that one page tells of, for the few that are broken in the suite.
QUICK_ROUTE = "agency-return-detail"
QUICK = {
    "agencies/models/membership.py: MembershipQuerySet.current: without the second condition",
    "agencies/models/user.py: User.may: allows always",
    "audits/models/agency_return.py: AgencyReturnQuerySet.visible_to: all of them",
    "audits/models/agency_return.py: _ways_to_read: all partnerships",
    "audits/models/agency_return.py: _ways_to_read: without audit__in",
}
# For whoever mends one: rules with one of these (a|b) in their name; cells whose name has this.
ONLY, NEAR = os.environ.get("ENDURE_ONLY", ""), os.environ.get("ENDURE_NEAR", "")
REPORT = os.environ.get("ENDURE_REPORT", "")
# For whoever has several processors: the second of three shares of the rules is "2/3".
SHARE, SHARES = map(int, os.environ.get("ENDURE_SHARE", "1/1").split("/"))
# Their answers are no page, and the table says nothing of them.
REFUSED_ANYHOW = re.compile(r": 40[345] expected, got 40[345]$")
SILENT = {"GET", MAIL, ROWS}

_QUESTION = "which questions a home page asks; each starts from what the person may see"
# Broken, these let nobody see or do more, and why. What asks again is asked by the matrix too.
_WITHOUT_WHY = "breaks down: the rows come without what the page says of them"
_SEALED = "a page of the officer alone, who sees all of it"
_LEADS_ON = "leads to a page that asks again"
_WROTE_LAST = "who wrote last, told to somebody who may write there"
_DONE_TO_IT = "what is then done to it asks again"
_ALL_STATES = "who sees the states of a partnership's audits sees them all"
HARMLESS = {
    "agencies/models/user.py: User.agencies_with: without condition 1": "none is no agency",
    "agencies/views/post.py: find: not required": (
        "every message that it finds is of a partnership whose mail this person sees"
    ),
    "audits/domain/chasing_returns.py: sent_back: not sent_back_to": _WITHOUT_WHY,
    "audits/reading/case_returns.py: CaseReturnPage.may_fill: may_fill always": (
        "who reads a return that is open fills it in"
    ),
    "audits/reading/screening.py: ScreeningPage.__init__: not visible_to": (
        "what was decided is found again by the words, which stand on the page"
    ),
    "audits/reading/seals.py: SealPage._sealed: not visible_to": _SEALED,
    "audits/reading/seals.py: SealPage.rows: not visible_to": _SEALED,
    "audits/reading/seals.py: SealPage.seals: not visible_to": _SEALED,
    "audits/reading/seals.py: sealed_cases: not visible_to": (
        "numbers of cases that can be asked about; `reveal` asks again"
    ),
    "audits/views/case_return.py: _to_point: not visible_to": _LEADS_ON,
    "audits/views/discussion.py: agreed_grade_update: not visible_to": (
        "who moderates reads every return about the case"
    ),
    "audits/views/finding.py: _points: not visible_to": (
        "who drafts reads every point of the audit"
    ),
    "audits/views/saving.py: _answer: not visible_to": _WROTE_LAST,
    "audits/views/saving.py: case_return_presence: not visible_to": _WROTE_LAST,
    "audits/views/saving.py: summative_presence: not visible_to": _WROTE_LAST,
    "audits/views/summative.py: _go_on: not visible_to": _LEADS_ON,
    "audits/views/tending.py: _entry: not visible_to": _DONE_TO_IT,
    "audits/views/tending.py: _point: not visible_to": _DONE_TO_IT,
    "audits/views/tending.py: _removed: not visible_to": _DONE_TO_IT,
    "audits/views/time_request.py: time_request_answer: not visible_to": (
        "who may answer sees every request of the return"
    ),
    "audits/views/toolkit.py: toolkit_detail: not visible_to": (
        "who manages toolkits sees every audit of the partnership"
    ),
    "reports/reading/home/agency.py: _sent_back: not sent_back_to": _WITHOUT_WHY,
    "reports/reading/home/agency.py: tasks: all agencies": (
        "words of a line about a return that this person fills in"
    ),
    "reports/reading/home/manager.py: people: not managed_by": "numbers of one partnership",
    "reports/reading/home/officer.py: works: not states_visible_to": _ALL_STATES,
    "reports/views/dashboard.py: dashboard: not visible_to": _ALL_STATES,
    "agencies/domain/people.py: _somebody_else_manages: allows MANAGE_PEOPLE always": (
        "asks for another manager where none is needed"
    ),
    "agencies/views/agency.py: agency_detail: may MANAGE_PEOPLE always": (
        "every role that manages agencies manages people"
    ),
    "audits/domain/calendars.py: for_person: all agencies": (
        "dates of returns that this person may read"
    ),
    "audits/domain/calendars.py: for_person: may SEE_STATES always": (
        "the day stands on the page of the audit"
    ),
    "audits/domain/case_texts.py: begun: all agencies": "notes who writes, and lets nobody write",
    "audits/domain/clearing.py: stop_at_words: may_look always": (
        "stops at more; the page that comes of it asks by itself who may be told"
    ),
    "audits/domain/knowing.py: _say: all agencies": "notes who writes, and lets nobody write",
    "audits/domain/reminders.py: _people: allows LEAD_RETURN always": (
        "which people of an agency are reminded of its return"
    ),
    "audits/domain/time_requests.py: give: never refuses": "`grant`, in which it ends, asks again",
    "audits/domain/time_requests.py: give: may_answer always": "the same",
    "audits/models/case_return.py: CaseReturnQuerySet.sent_back_to: not visible_to": (
        "who may write in a case may read it"
    ),
    "audits/reading/case_returns.py: CaseReturnPage.is_of_agency: all agencies": (
        "which of two pages the officer, who may write, sees first"
    ),
    "audits/reading/history.py: HistoryPage.may_bring_back: may_fill always": (
        "nobody else comes to that page"
    ),
    "audits/views/agency_return.py: agency_return_list: may SEE_STATES always": (
        "words above a list that stays as it is"
    ),
    "audits/views/agreed_point.py: _answer: may_edit_meeting always": (
        "answers whoever has just written there"
    ),
    "audits/views/case_return.py: _reading: allowed always": (
        "shows a button whose page asks again"
    ),
    "audits/views/case_return.py: require_filling: may_fill always": (
        "the functions that write ask again"
    ),
    "audits/views/case_return.py: require_filling: not required": "the same",
    "audits/views/discussion.py: meeting_case: may MODERATE always": (
        "every role that runs the meeting moderates"
    ),
    "audits/views/history.py: _bring_back: may_fill always": "`bring_back` itself asks again",
    "audits/views/history.py: _bring_back: never refuses": "the same",
    "audits/views/reminder.py: _page: may MANAGE_PEOPLE always": (
        "every role that reminds manages people"
    ),
    **{
        f"reports/reading/home/__init__.py: _Asked.__init__: {each} always": _QUESTION
        for each in (
            "may MANAGE_PEOPLE",
            "may PUBLISH",
            "may SEE_STATES",
            "may_anywhere_in ANSWER_RETURN",
            "may_anywhere_in LEAD_RETURN",
            "may_anywhere_in READ_PUBLISHED",
            "may_anywhere_in SEE_AUDITS",
        )
    },
    "reports/reading/home/concerns.py: tasks: may_acknowledge always": (
        "names a concern that this person reads; to acknowledge it is asked again"
    ),
    "reports/reading/home/manager.py: _mail: may SEE_MAIL always": (
        "every role that manages people sees the mail"
    ),
    "reports/views/activity.py: audit_activity: may SEE_ACTIVITY always": (
        "words above a list that stays as it is"
    ),
    "reports/views/drafting.py: audit_documents: may RUN_AUDIT always": (
        "shows the chair a step that the table of transitions refuses them"
    ),
}


def run(rounds: int) -> Figures:
    """So many broken rules, chosen evenly from all there are."""
    with lasting_walk() as walk:
        return Hunt(walk).figures(rounds)


class Hunt:
    def __init__(self, walk: Walk) -> None:
        self.matrix = Matrix(walk)
        self.figures_ = Figures(NAME, bad=("unnoticed", WITHOUT, GONE))
        self.through: dict[CodeType, list[Cell]] = defaultdict(list)
        """The cells that run each function in which a rule stands."""
        self.sound: list[Cell] = []

    def figures(self, rounds: int) -> Figures:
        every = list(all_mutants())
        for gone in set(HARMLESS) - {rule_of(each) for each in every}:
            self.figures_.add(GONE)
            self.figures_.add(f"{GONE}: {gone}")
        every = [each for each in every if rule_of(each) not in HARMLESS]
        chosen = [each for each in every if any(word in each.name for word in ONLY.split("|"))]
        every = chosen[SHARE - 1 :: SHARES]
        telling = [cell for cell in self.matrix.cells if mark_of(cell) or cell.method in SILENT]
        telling = [cell for cell in telling if re.search(NEAR, str(cell))]
        if rounds < len(every):
            every, telling = _few(every, rounds), [cell for cell in telling if _is_quick(cell)]
        random.Random(7).shuffle(telling)
        telling.sort(key=lambda cell: (mark_of(cell) not in {".", "-"}, cell.method not in BEHIND))
        self._watch(telling, {mutant.code for mutant in every if mutant.code})
        for mutant in every:
            self.figures_.add("broken")
            self._hunt(mutant)
        for cell in spread(self.sound, ENOUGH):
            self.figures_.add(WITHOUT, bool(self.matrix.faults(cell)))
        return self.figures_

    def _watch(self, telling: list[Cell], codes: set[CodeType]) -> None:
        """Which cells run which function, as the code stands; none has a fault now."""
        seen: set[CodeType] = set()
        sys.monitoring.use_tool_id(TOOL, NAME)
        started = sys.monitoring.events.PY_START
        sys.monitoring.register_callback(TOOL, started, lambda code, _offset: seen.add(code))
        try:
            for code in codes:
                sys.monitoring.set_local_events(TOOL, code, started)
            for cell in telling:
                seen.clear()
                if faults := self.matrix.faults(cell):
                    self.figures_.add(WITHOUT)
                    self.figures_.add(faults[0])
                    continue
                self.sound.append(cell)
                for code in seen:
                    self.through[code].append(cell)
        finally:
            for code in codes:
                sys.monitoring.set_local_events(TOOL, code, 0)
            sys.monitoring.free_tool_id(TOOL)

    def _hunt(self, mutant: Mutant) -> None:
        near = self._near(mutant)
        with mutant.broken():
            if any(self._notices(cell) for cell in near):
                self.figures_.add("noticed")
                return
        if any(self._tells_alone(mutant, way, spread(near, ENOUGH)) for way in mutant.beside):
            self.figures_.add("noticed where it stands alone")
            return
        self.figures_.add("unnoticed")
        self.figures_.add(f"unnoticed: {mutant.name}, in {len(near)} cells")
        if REPORT:
            with open(REPORT, "a", encoding="utf-8") as out:  # noqa: PTH123
                print(f"{mutant.name}, in {len(near)} cells", file=out)

    def _tells_alone(self, mutant: Mutant, way: Beside, near: list[Cell]) -> bool:
        with mutant.changed(way.alone):
            held = [cell for cell in near if not self._lets(cell)]
        with mutant.changed(way.gone):
            return any(self._lets(cell) for cell in held)

    def _lets(self, cell: Cell) -> bool:
        """Whether somebody gets at something; to be refused in another way is no harm."""
        faults = [each for each in self.matrix.faults(cell) if not REFUSED_ANYHOW.search(each)]
        return bool(faults) and BROKEN not in faults[0]

    def _notices(self, cell: Cell) -> bool:
        faults = self.matrix.faults(cell)
        return bool(faults) and BROKEN not in faults[0]

    def _near(self, mutant: Mutant) -> list[Cell]:
        if mutant.code is not None:
            return self.through[mutant.code]
        people = {name for role in mutant.roles for name in PLAYED_BY[Role(role)]}
        return [cell for cell in self.sound if cell.role in people]


def rule_of(mutant: Mutant) -> str:
    return mutant.name.split(" (line")[0]


def _few(every: list[Mutant], rounds: int) -> list[Mutant]:
    """Some of those that the calls alone tell, and those of `QUICK`."""
    of_tables = [mutant for mutant in every if "/" not in mutant.name]
    return [
        *random.Random(7).sample(of_tables, min(rounds, len(of_tables))),
        *(mutant for mutant in every if rule_of(mutant) in QUICK),
    ]


def _is_quick(cell: Cell) -> bool:
    return cell.method == CALL or (
        cell.method == "GET"
        and cell.route == QUICK_ROUTE
        and cell.stage in {"planned", "collecting", "meeting"}
        and cell.whose in {"own", "foreign"}
    )


@pytest.mark.django_db
def test_a_broken_rule_is_noticed() -> None:
    figures = run(SMALL)
    assert figures.held, str(figures)
    assert figures.counts["broken"] >= SMALL + len(QUICK)
