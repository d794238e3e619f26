"""What each role may do by calling the code itself, past every page.

A page refuses before it comes to the function that writes; so that each of the two checks holds by
itself, the functions are called as everybody, too. A line has a mark for each role in the order of
the table of access: `+` is let through, whatever else is then missing, `-` is refused. The lines of
the transitions are those of the design.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from agencies.domain import entrances, people, second_factor, sessions
from agencies.domain.refusal import RefusedError
from agencies.models import Activity, Membership, SignedIn, User
from agencies.roles import Permission, Role
from audits.domain import (
    case_texts,
    chasing,
    concerns,
    corrections,
    identities,
    knowing,
    leading,
    points,
    reminders,
    summative,
    time_requests,
)
from audits.domain.case_texts import CaseReturnDraft
from audits.domain.drafts import Basis, ConflictError, ReturnClosedError
from audits.domain.guards import GuardError
from audits.domain.points import NewPoint
from audits.domain.summative import SummativeDraft
from audits.domain.transitions import transition
from audits.models import (
    AgencyReturn,
    CaseReturn,
    Concern,
    EngagementEntry,
    IdentityView,
    Point,
    PointKind,
    Seal,
    TimeRequest,
)
from audits.views.tending import Place, tend
from tests.contracts.test_access import expected
from tests.scenario import Scenario, Told

ANSWERS = "++ --- +---- --"
LEADS = "-+ --- +---- --"
OFFICER = "-- --- +---- --"
CHAIR = "-- --- -+--- --"
BOTH = "-- --- ++--- --"
AGENCY_S_LEAD = "-+ --- ----- --"
MANAGERS = "-- --- +---+ --"
ADMIN = "-- --- ----+ --"
FROM_PAPER = "-+ --- +---- --"
LOOKING = "++ +-- +---- --"
NOBODY = "-- --- ----- --"
WHOEVER = "++ +++ +++++ ++"
"""Lines of marks that several calls share."""

NOT_THEIRS = ("Only a system administrator can", "Nothing is sealed for these cases.")
"""What a function says to whom it gives nothing."""


@dataclass
class Ground:
    """The rows of "own" at one stage."""

    scenario: Scenario
    told: Told

    def part(self, name: str) -> UUID:
        found: UUID = self.told.parts[name]
        return found

    @property
    def returned(self) -> AgencyReturn:
        return AgencyReturn.objects.get(pk=self.part("return_id"))

    @property
    def case(self) -> CaseReturn:
        return CaseReturn.objects.get(pk=self.part("case_return_id"))

    @property
    def point(self) -> Point:
        return Point.objects.get(pk=self.part("returned"))

    @property
    def report_point(self) -> Point:
        return self.returned.points.filter(case_return=None)[0]

    @property
    def concern(self) -> Concern:
        return Concern.objects.get(pk=self.part("concern_id"))

    @property
    def request(self) -> TimeRequest:
        return TimeRequest.objects.get(pk=self.part("time_request_id"))

    @property
    def newcomer(self) -> User:
        found: User = User.objects.get(pk=self.scenario.shared["person_id"])
        return found

    @property
    def membership(self) -> Membership:
        return Membership.objects.get(pk=self.scenario.shared["membership_id"])


@dataclass(frozen=True)
class Call:
    line: str
    made: Callable[[Ground, User], object]
    stage: str = "collecting"


def _remind(at: Ground, by: User) -> object:
    owed = [at.part("return_id")]
    return reminders.remind(at.told.audit, by=by, returns=owed, seen_at=timezone.now())


def _correct_case(at: Ground, by: User) -> object:
    draft = CaseReturnDraft({}, only=())
    return corrections.correct_case_return(
        at.case, by=by, reason="A date was wrong.", draft=draft, basis=Basis({})
    )


def _correct_report(at: Ground, by: User) -> object:
    return corrections.correct_summative(
        at.returned,
        by=by,
        reason="A date was wrong.",
        draft=SummativeDraft("", only=()),
        basis=Basis({}),
    )


def _correct_paper(at: Ground, by: User) -> object:
    case = at.case
    case.entered_from_paper = True
    draft = CaseReturnDraft({}, only=())
    return corrections.correct_case_return(
        case, by=by, reason="A date was wrong.", draft=draft, basis=Basis({})
    )


def _reveal(at: Ground, by: User) -> object:
    """Whoever looks for their agency is told what it needs, and that is written down."""
    seal = Seal.objects.get(audit=at.told.audit)
    told = identities.reveal(seal=seal, by=by, cases=at.told.parts["cases"], reason="Looking.")
    as_officer = IdentityView.objects.filter(seal=seal, by=by, agency=None)
    _expect(by == at.scenario.people["officer"] or not as_officer.exists())
    return told


def _points_of_another(at: Ground, by: User) -> object:
    elsewhere = at.scenario.told["foreign"].parts["returned"]
    return case_texts.points_in(at.case, [elsewhere])


def _report_with_points_of_another(at: Ground, by: User) -> object:
    lead, elsewhere = at.scenario.people["lead"], at.scenario.told["foreign"].parts["returned"]
    words = NewPoint(PointKind.CAN_BE_IMPROVED, "Words.")
    draft = SummativeDraft("", only=(), begun={elsewhere: words})
    return summative.save_summative(at.returned, by=lead, draft=draft, basis=Basis({}))


def _tend(do: str, part: str) -> Callable[[Ground, User], object]:
    """What a button does to a row of the other partnership, named under one's own case."""

    def made(at: Ground, by: User) -> object:
        abroad = at.scenario.told["foreign"].parts
        line = EngagementEntry.objects.filter(case_return=abroad["case_return_id"])[0]
        named = {**abroad, "line": line.pk}[part]
        action, _, rest = do.partition(":")
        rest = f"{rest}:{named}" if rest else f"{named}"
        return tend(by, Place(at.part("return_id"), at.case.pk), action, rest)

    return made


def _sign_out_elsewhere(at: Ground, by: User) -> object:
    others = SignedIn.objects.exclude(user=by)
    before = others.count()
    sessions.end_sessions(user=by)
    return _expect(others.count() == before)


def _told_at_home(note: Callable[[User], None]) -> Callable[[Ground, User], object]:
    """What somebody does at the door is on record where they have a role, and nowhere else."""

    def made(at: Ground, by: User) -> object:
        own = set(by.memberships.values_list("partnership", flat=True))
        elsewhere = Activity.objects.exclude(partnership__in=own).exclude(partnership=None)
        before = elsewhere.count()
        note(by)
        return _expect(elsewhere.count() == before)

    return made


def _expect(held: bool) -> bool:
    if not held:
        raise PermissionDenied
    return held


def _give(role: Role) -> Callable[[Ground, User], object]:
    def give(at: Ground, by: User) -> object:
        fields = {"role": role, "agency": None, "starts_on": timezone.localdate(), "ends_on": None}
        return people.add_membership(
            user=at.newcomer, partnership=at.scenario.partnership, by=by, fields=fields
        )

    return give


CALLS: dict[str, Call] = {
    "write in a case": Call(ANSWERS, lambda at, by: case_texts.locked(at.case, by=by)),
    "say what is known": Call(
        ANSWERS,
        lambda at, by: knowing.answer(at.returned, by=by, told={at.case.pk: knowing.Told("", "")}),
    ),
    "write in a point of a case": Call(ANSWERS, lambda at, by: points.locked(at.point, by=by)),
    "write in a point of the report": Call(
        LEADS, lambda at, by: points.locked(at.report_point, by=by)
    ),
    "write in the report": Call(
        LEADS,
        lambda at, by: summative.hold(AgencyReturn.objects.filter(pk=at.returned.pk), by=by),
    ),
    "lead the return": Call(LEADS, lambda at, by: leading.locked(at.returned, by=by)),
    "raise a concern": Call(
        ANSWERS, lambda at, by: concerns.raise_concern(at.returned, by=by, words="Now.")
    ),
    "acknowledge a concern": Call(
        LEADS, lambda at, by: concerns.acknowledge(at.concern, by=by, acknowledgement="Rung.")
    ),
    "correct a case": Call(AGENCY_S_LEAD, _correct_case, "meeting"),
    "correct a case from paper": Call(FROM_PAPER, _correct_paper, "meeting"),
    "look at who a case is": Call(LOOKING, _reveal),
    "name a point of another in a case": Call(NOBODY, _points_of_another),
    "name a point of another in the report": Call(NOBODY, _report_with_points_of_another),
    "remove a line of another": Call(NOBODY, _tend("entry:remove", "line")),
    "bring back a line of another": Call(NOBODY, _tend("undo:entry", "line")),
    "remove a point of another": Call(NOBODY, _tend("remove", "returned")),
    "sign out elsewhere": Call(WHOEVER, _sign_out_elsewhere),
    "sign in": Call(WHOEVER, _told_at_home(lambda by: entrances.note("signed in", by))),
    "make new codes": Call(WHOEVER, _told_at_home(lambda by: second_factor.note_codes(user=by))),
    "correct the report": Call(AGENCY_S_LEAD, _correct_report, "meeting"),
    "remind": Call(OFFICER, _remind),
    "ask for time": Call(
        AGENCY_S_LEAD,
        lambda at, by: time_requests.ask(at.returned, by=by, days=3, reason="Late."),
    ),
    "give time": Call(
        OFFICER,
        lambda at, by: time_requests.give(
            at.returned, by=by, until=timezone.localdate() + timedelta(days=40)
        ),
    ),
    "grant time": Call(
        OFFICER,
        lambda at, by: time_requests.grant(
            at.request, by=by, until=timezone.localdate() + timedelta(days=40)
        ),
    ),
    "refuse time": Call(
        OFFICER, lambda at, by: time_requests.refuse(at.request, by=by, reason="No.")
    ),
    "deactivate somebody": Call(
        MANAGERS,
        lambda at, by: people.deactivate(
            user=at.newcomer, partnership=at.scenario.partnership, by=by, reason="Gone."
        ),
    ),
    "give a role": Call(MANAGERS, _give(Role.BOARD)),
    "make an administrator": Call(ADMIN, _give(Role.ADMIN)),
    "end a role": Call(
        MANAGERS, lambda at, by: people.end_membership(membership=at.membership, by=by)
    ),
}

# Who takes each step, by the design's table of stages.
STEPS = {
    "ask-for-nominations": OFFICER,
    "circulate": OFFICER,
    "go-to-meeting": OFFICER,
    "start-drafting": BOTH,
    "ask-for-approval": OFFICER,
    "send-back-draft": CHAIR,
    "publish": CHAIR,
    "close": OFFICER,
    "back-to-planned": BOTH,
    "back-to-nominating": BOTH,
    "back-to-collecting": BOTH,
    "back-to-meeting": BOTH,
    "back-to-drafting": BOTH,
    "back-to-published": BOTH,
}
RETURN_STEPS = {
    "sign-off": LEADS,
    "nil": LEADS,
    "decline": LEADS,
    "excuse": OFFICER,
    "reopen": OFFICER,
}
CASE_STEPS = {
    "start": ANSWERS,
    "not-begun": ANSWERS,
    "complete": ANSWERS,
    "not-known": ANSWERS,
    "send-back": LEADS,
    "take-back": ANSWERS,
}

# Who holds which permission, by what the design says that each role must be able to do.
P = Permission
HELD = {
    P.MANAGE_PEOPLE: MANAGERS,
    P.MANAGE_AGENCIES: MANAGERS,
    P.MANAGE_SETUP: OFFICER,
    P.SEE_AUDITS: "++ +++ +++-- --",
    P.SEE_STATES: BOTH,
    P.SEE_RETURNS: OFFICER,
    P.SEE_RETURNS_FROM_MEETING: CHAIR,
    P.SEE_SHARED_RETURNS: "++ +++ --+-- --",
    P.SEE_AGREED: "++ +++ +++-- --",
    P.SEE_ACTIVITY: "-- --- ++--+ --",
    P.SEE_MAIL: MANAGERS,
    P.NOMINATE: "-+ +++ +++-- --",
    P.RUN_AUDIT: OFFICER,
    P.STEP_BACK: BOTH,
    P.ANSWER_RETURN: "++ +++ ----- --",
    P.LEAD_RETURN: "-+ +++ ----- --",
    P.RUN_MEETING: BOTH,
    P.MODERATE: BOTH,
    P.DRAFT: BOTH,
    P.PUBLISH: CHAIR,
    P.READ_PUBLISHED: "++ +++ ++++- --",
}


@cache
def calls() -> dict[str, Call]:
    steps: dict[str, Call] = {}
    for things, lines in (("audit", STEPS), ("returned", RETURN_STEPS), ("case", CASE_STEPS)):
        for name, line in lines.items():
            steps[f"{things}: {name}"] = Call(line, _step(things, name))
    held = {
        f"holds: {permission}": Call(line, _holds(permission)) for permission, line in HELD.items()
    }
    return CALLS | steps | held


def _holds(permission: Permission) -> Callable[[Ground, User], object]:
    def ask(at: Ground, by: User) -> object:
        if not by.may_anywhere_in(permission, at.scenario.partnership):
            raise PermissionDenied
        return True

    return ask


def _step(things: str, name: str) -> Callable[[Ground, User], object]:
    def take(at: Ground, by: User) -> object:
        thing = at.told.audit if things == "audit" else getattr(at, things)
        return transition(thing, name, by=by, reason="Because.")

    return take


def call(scenario: Scenario, name: str, role: str) -> str:
    """What is wrong with who may call it; empty if nothing is. Whatever it does is undone."""
    made = calls()[name]
    mark = expected(made.line)[role]
    by = User.objects.get(pk=scenario.people[role].pk)
    with transaction.atomic():
        try:
            made.made(Ground(scenario, scenario.told[made.stage]), by)
            refused = False
        except (PermissionDenied, Http404):
            refused = True
        except RefusedError as error:
            refused = str(error).startswith(NOT_THEIRS)
        except (GuardError, ReturnClosedError, ConflictError):
            refused = False  # let through, and then something else was missing
        finally:
            transaction.set_rollback(True)
    if refused == (mark == "-"):
        return ""
    return "is let through" if not refused else "is refused"


def offered_by_mail(scenario: Scenario, role: str) -> list[str]:
    """The addresses that the daily mail names to this person."""
    reader = User.objects.get(pk=scenario.people[role].pk)
    links = [each.link for each in chasing.waiting_for(reader, timezone.localdate())]
    return ["/" + link.split("://")[1].partition("/")[2] for link in links]
