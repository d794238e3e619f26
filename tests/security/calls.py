"""What each role may do by calling the code itself, past every page.

A page refuses before it comes to the function that writes; so that each of the two checks holds by
itself, the functions are called as everybody, too. A line has a mark for each role in the order of
the table of access: `+` is let through, whatever else is then missing, `-` is refused. The lines of
the transitions are those of the design.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache as kept
from html import unescape
from string import ascii_lowercase
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.domain import entrances, people, second_factor, sessions
from agencies.domain.refusal import RefusedError
from agencies.models import Activity, Contributor, Membership, OutboxMessage, SignedIn, User
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
from audits.domain.chasing_days import Chase
from audits.domain.chasing_returns import returns_owed
from audits.domain.drafts import Basis, ConflictError, ReturnClosedError
from audits.domain.guards import GuardError
from audits.domain.points import NewPoint
from audits.domain.screened import Scope
from audits.domain.summative import SummativeDraft
from audits.domain.telling import A_DAY, tell
from audits.domain.transitions import transition
from audits.forms.final import About
from audits.models import (
    AgencyReturn,
    Audit,
    CaseReturn,
    Concern,
    EngagementEntry,
    IdentityView,
    Point,
    PointKind,
    Seal,
    Stage,
    TimeRequest,
)
from audits.models.seal import may_look
from audits.reading.case_room import case_room
from audits.reading.overview import overview_of
from audits.reading.return_list import return_rows
from audits.screening.known_names import CODE as KNOWN_NAME
from audits.screening.known_names import WHY as WHY_KNOWN
from audits.views.tending import Place, tend
from reports.domain.screened_texts import words_undecided
from reports.reading import activity as entries
from tests.contracts.test_access import expected
from tests.scenario import Scenario, Told

ANSWERS = "++ --- +---- --"
LEADS = "-+ --- +---- --"
OFFICER = "-- --- +---- --"
CHAIR = "-- --- -+--- --"
BOTH = "-- --- ++--- --"
AGENCY_S_LEAD = "-+ --- ----- --"
MANAGERS = "-- --- +---+ --"
MANAGERS_ANYWHERE = "-- --- +---+ +-"
ADMIN = "-- --- ----+ --"
KNOW_OF_PLANNED = "-- --- +++-- --"
SEE_ACTIVITY = "-- --- ++--+ --"
RAISER = "+- --- +---- --"
AWAY = "-- --- ----- +-"
FROM_PAPER = "-+ --- +---- --"
LOOKING = "++ +-- +---- --"
NOBODY = "-- --- ----- --"
WHOEVER = "++ +++ +++++ ++"
"""Lines of marks that several calls share."""

SEALED = "identity"
"""A word of every name that the scenario's seals hold."""

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
    looking = {at.scenario.people[name] for name in ("auditor", "lead", "colleague")}
    _expect(by not in looking or not as_officer.exists())
    return told


def _reveal_withdrawn(at: Ground, by: User) -> object:
    seal = Seal.objects.get(audit=at.told.audit)
    withdrawn = [at.told.parts["withdrawn"]]
    return identities.reveal(seal=seal, by=by, cases=withdrawn, reason="Looking.")


def _hear_of_a_name(at: Ground, by: User) -> object:
    """Whether somebody is told that a word of what they send is a name that is sealed."""
    hits = About(by, at.told.audit, at.returned).hits(SEALED)
    return _expect(any(hit.rule == KNOWN_NAME for hit in hits))


def _save_a_name(at: Ground, by: User) -> object:
    """The same of the report of a return that is open at the meeting."""
    _go_to_meeting(at)
    sent = {"overview": SEALED, "basis": "{}"}
    answer = _as(by).post(reverse("summative-save", args=[at.part("return_id")]), sent)
    return _expect(KNOWN_NAME in answer.content.decode())


def _save_a_name_in_a_case(at: Ground, by: User) -> object:
    _go_to_meeting(at)
    args = [at.part("return_id"), at.part("case_return_id")]
    sent = {"engagement_past": SEALED, "basis": "{}"}
    answer = _as(by).post(reverse("case-return-save", args=args), sent)
    return _expect(KNOWN_NAME in answer.content.decode())


def _go_to_meeting(at: Ground) -> None:
    """With the return of "own" still open, and nothing written yet in its first boxes."""
    CaseReturn.objects.filter(pk=at.part("case_return_id")).update(engagement_past="")
    AgencyReturn.objects.filter(pk=at.part("return_id")).update(overview="")
    Audit.objects.filter(pk=at.told.audit.pk).update(stage=Stage.MEETING)


def _write(at: Ground) -> None:
    AgencyReturn.objects.filter(pk=at.part("return_id")).update(overview=f"The {SEALED}.")


def _read_the_words(at: Ground, by: User) -> object:
    """The same on the page of undecided words of such a return."""
    _go_to_meeting(at)
    _write(at)
    page = _as(by).get(reverse("return-screening", args=[at.part("return_id")]))
    return _expect(WHY_KNOWN in unescape(page.content.decode()))


def _be_told_where_it_hides(at: Ground, by: User) -> object:
    """Where a sealed name inside an organisation's name keeps the documents from publication."""
    name = f"{SEALED.title()} Surgery"
    Contributor.objects.create(agency=at.returned.agency, name=name)
    audits = Audit.objects.filter(pk=at.told.audit.pk)
    audits.update(asked_for_reason=f"The {name} asked for it.")
    return _expect(
        any(each.startswith("The audit:") for each in words_undecided(audits.get(), by=by))
    )


def _be_asked_for_a_reason(at: Ground, by: User) -> object:
    """Who may clear a sealed name, and is asked why."""
    _write(at)
    page = _as(by).get(reverse("return-screening", args=[at.part("return_id")]))
    return _expect("say in your own words" in page.content.decode())


def _correct_with_a_name(at: Ground, by: User) -> object:
    """Whether a correction that is stopped tells that a word is a sealed name."""
    client, address = _as(by), reverse("summative-correct", args=[at.part("return_id")])
    page = client.get(address)
    _expect(page.status_code == 200)
    sent = {
        form.add_prefix(name): form.get_initial_for_field(field, name) or ""
        for form in page.context["forms"]
        for name, field in form.fields.items()
    }
    sent |= {"basis": str(page.context["basis"]), "reason": "Misread."}
    answer = client.post(address, {**sent, "overview": f"The {SEALED} was there."})
    return _expect(WHY_KNOWN in unescape(answer.content.decode()))


def _number_the_entries(at: Ground, by: User) -> object:
    """How many others made is told by an entry's number in the chain of the audit."""
    rows = Activity.objects.filter(audit_id=at.told.audit.pk)
    return _expect(all(line.entry for line in entries.lines(rows, by)))


def _follow(at: Ground, by: User) -> object:
    """Which audit this one follows: here one that agencies do not know of."""
    planned = at.scenario.told["planned"].audit
    Audit.objects.filter(pk=at.told.audit.pk).update(predecessor=planned)
    audit = Audit.objects.get(pk=at.told.audit.pk)
    return _expect(overview_of(audit, by).predecessor is not None)


def _see_who_is_in(at: Ground, by: User) -> object:
    """How far each agency asked has come, on the page of the audit."""
    known = AgencyReturn.objects.states_visible_to(by).filter(audit=at.told.audit)
    names = set(known.values_list("agency__name", flat=True))
    told = overview_of(at.told.audit, by).asked
    return _expect({each.name for each in told if each.state is not None} <= names)


def _hear_without_end(at: Ground, by: User) -> object:
    """Names that are told to one person on one day: to who sealed them as many as there are."""
    names = [3 * letter for letter in ascii_lowercase[: A_DAY + 1]]
    return _expect(tell(Scope.of_audit(at.told.audit), names, by=by) == set(names))


def _list_returns(at: Ground, by: User) -> object:
    """Whose returns are listed are those whose states or words this person may know."""
    known = {*AgencyReturn.objects.states_visible_to(by), *AgencyReturn.objects.visible_to(by)}
    return _expect({row.agency_return for row in return_rows(at.told.audit, by)} <= known)


def _be_chased(at: Ground, by: User) -> object:
    """The agency's lead is told of the whole return, an auditor of their cases."""
    owed = at.returned
    day = Chase.of(owed.audit.partnership, owed.due_on or timezone.localdate()).lead_from
    told = [each.words for each in returns_owed(by, day) if each.about == owed.pk]
    return _expect(any("the return is late" in words for words in told))


def _discuss(at: Ground, by: User) -> object:
    """Of whom it is said why they are silent: those whose return this person may read."""
    room = case_room(at.told.audit, at.told.parts["cases"][0], by)
    read = AgencyReturn.objects.visible_to(by).filter(audit=at.told.audit)
    known = {row.agency.short_name for row in read}
    return _expect(all(known.issuperset(names) for _, names in room.silent))


def _choose_another_partnership(at: Ground, by: User) -> object:
    elsewhere = {"partnership": at.scenario.told["foreign"].audit.partnership_id}
    answer = _as(by).post(reverse("partnership-choose"), elsewhere)
    return _expect(answer.headers.get("Location") == reverse("home"))


def _send_all_again(at: Ground, by: User) -> object:
    """What could not be sent is sent again: that of one's own partnership and no other."""
    own = by.partnerships_with(Permission.SEE_MAIL)
    elsewhere = OutboxMessage.objects.exclude(partnership__in=own)
    before = list(elsewhere.order_by("pk").values("pk", "state"))
    answer = _as(by).post(reverse("mail-send-failed"))
    _expect(list(elsewhere.order_by("pk").values("pk", "state")) == before)
    return _expect(answer.headers.get("Location") == reverse("mail-list"))


def _as(by: User) -> Client:
    client = Client()
    client.force_login(by)
    return client


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
    "reword a concern": Call(
        RAISER,
        lambda at, by: concerns.reword(at.concern, by=by, words="Now.", done_already=""),
    ),
    "acknowledge a concern": Call(
        LEADS, lambda at, by: concerns.acknowledge(at.concern, by=by, acknowledgement="Rung.")
    ),
    "correct a case": Call(AGENCY_S_LEAD, _correct_case, "meeting"),
    "correct a case from paper": Call(FROM_PAPER, _correct_paper, "meeting"),
    "look at who a case is": Call(LOOKING, _reveal),
    "look at who was withdrawn": Call(OFFICER, _reveal_withdrawn),
    "be allowed to look": Call(
        ANSWERS, lambda at, by: _expect(may_look(by, at.told.audit, at.returned))
    ),
    "hear of a sealed name": Call(ANSWERS, _hear_of_a_name),
    "save a sealed name in the report": Call(OFFICER, _save_a_name),
    "save a sealed name in a case": Call(OFFICER, _save_a_name_in_a_case),
    "read which words are sealed names": Call(OFFICER, _read_the_words),
    "be told where a sealed name hides": Call(OFFICER, _be_told_where_it_hides),
    "correct the report with a sealed name": Call(NOBODY, _correct_with_a_name, "meeting"),
    "number the entries": Call(SEE_ACTIVITY, _number_the_entries),
    "clear a sealed name": Call(LEADS, _be_asked_for_a_reason),
    "hear of names without end": Call(OFFICER, _hear_without_end),
    "learn which audit came before": Call(KNOW_OF_PLANNED, _follow),
    "see who has handed in": Call(WHOEVER, _see_who_is_in),
    "list the returns": Call(WHOEVER, _list_returns),
    "discuss a case": Call(WHOEVER, _discuss, "drafting"),
    "be told that a return is late": Call(AGENCY_S_LEAD, _be_chased),
    "choose another partnership": Call(AWAY, _choose_another_partnership),
    "send all mail again": Call(MANAGERS_ANYWHERE, _send_all_again),
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
    P.SEE_ACTIVITY: SEE_ACTIVITY,
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


@kept
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
    cache.clear()
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
