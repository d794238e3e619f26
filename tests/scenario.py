"""Two partnerships with an audit at every stage and a person of every role: a whole to walk.

Every text that says something about a case carries a canary, a word that names the audit's stage,
what kind of words it stands in and whose they are, so that a page can be asked whose words it
shows. Built for `tests/contracts`, which roll it back as one; nothing here asserts anything.
"""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from agencies import models as agencies
from agencies.domain import access_reviews, activity
from agencies.key_folder import key_folder
from agencies.roles import Role
from audits import models as audits
from audits.domain.identities import seal_identities
from audits.domain.screened import Scope, Screener, marks
from audits.domain.screened_texts import return_passages
from audits.identity import Identity
from audits.models import PointKind, ReturnStage, Stage
from reports.domain.screened_texts import document_passages
from reports.models import Document, Prose
from tests import factories
from tests.factories import person
from tests.reports.publications import published

CANARY = re.compile(r"canary-([a-z]+)-([a-z]+)-([a-z]+)")

# What "own", "colleague" and "excused" have done about their return by each stage: the last one
# early, before others have, and not at all by the meeting.
RETURN_STAGES: dict[Stage, tuple[ReturnStage, ReturnStage, ReturnStage]] = {
    Stage.PLANNED: (ReturnStage.OPEN, ReturnStage.OPEN, ReturnStage.OPEN),
    Stage.NOMINATING: (ReturnStage.OPEN, ReturnStage.OPEN, ReturnStage.OPEN),
    Stage.COLLECTING: (ReturnStage.OPEN, ReturnStage.OPEN, ReturnStage.SIGNED_OFF),
    Stage.MEETING: (ReturnStage.SIGNED_OFF, ReturnStage.NIL, ReturnStage.EXCUSED),
    Stage.DRAFTING: (ReturnStage.SIGNED_OFF, ReturnStage.DECLINED, ReturnStage.OPEN),
    Stage.PUBLISHED: (ReturnStage.SIGNED_OFF, ReturnStage.SIGNED_OFF, ReturnStage.EXCUSED),
}
ASKED = ("own", "colleague", "excused")
HOLDERS = ("holder", "neighbour")


def canary(stage: str, kind: str, whose: str) -> str:
    """Kinds: returned, draft, contributed, agreed, action, nominated, withdrawn, status, concern,
    asked, decided, looked, held, account; called, for names that say which partnership they
    belong to.

    Whose: who wrote it.
    """
    return f"canary-{stage}-{kind}-{whose}"


@dataclass
class Told:
    """One audit and one row of everything it holds; the returned rows are those of "own"."""

    audit: audits.Audit
    parts: dict[str, Any] = field(default_factory=dict)
    others: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The same rows of "colleague" and of "excused", as far as they have them."""
    name: str = ""
    """What canaries call it instead of its stage."""

    @property
    def stage(self) -> str:
        return self.name or str(self.audit.stage)

    def of(self, whose: str) -> dict[str, Any]:
        return self.parts if whose == "own" else self.others.setdefault(whose, {})


@dataclass
class Scenario:
    partnership: agencies.Partnership
    joined: dict[str, agencies.Agency]
    people: dict[str, agencies.User]
    told: dict[str, Told]
    """By stage; "foreign" is the other partnership's audit, at its meeting."""
    shared: dict[str, Any]
    """What belongs to the partnership rather than to an audit, by the name addresses use."""
    others: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The same of another agency, "colleague", and of the other partnership, "foreign"."""
    links: dict[str, audits.ContributorLink] = field(default_factory=dict)
    """Contributors' ways in, by `HOLDERS`; the first holds the request that addresses name."""


def build() -> Scenario:
    home, away = _partnership("home"), _partnership("away")
    home.people["foreign"] = away.people["officer"]
    for stage in RETURN_STAGES:
        home.told[stage.value] = _audit(home, stage)
    home.told["foreign"] = _audit(away, Stage.MEETING, name="foreign")
    _go_abroad(home.told["foreign"], away)
    home.others = {"colleague": _others(home), "foreign": away.shared}
    _give_links(home)
    _leave_behind(home)
    _sign_in(home)
    return home


def _leave_behind(home: Scenario) -> None:
    """What somebody of here said in the other partnership, and may not see there; what the other
    said of somebody of both; what happened last of all; a draft that waits for the chair."""
    abroad = home.told["foreign"]
    audits.Nomination.objects.create(
        audit=abroad.audit,
        by=home.people["member"],
        reason=_words(abroad, "member", "nominated"),
    )
    agencies.AccountChange.objects.create(
        user_id=home.shared["person_id"],
        partnership=abroad.audit.partnership,
        kind=agencies.AccountChange.Kind.DEACTIVATED,
        reason=_words(abroad, "officer", "account"),
        by=home.people["foreign"],
    )
    _send_back(home.told[Stage.COLLECTING], home.people["lead"])
    factories.AuditFactory(
        partnership=home.partnership,
        stage=Stage.DRAFTING,
        title="Audit with the chair",
        awaiting_approval=True,
    )


def _sign_in(home: Scenario) -> None:
    """A session of somebody else, which addresses name, and one that has run out."""
    tomorrow = timezone.now() + timedelta(days=1)
    yesterday = timezone.now() - timedelta(days=1)
    for person_id, until in (
        (home.shared["person_id"], tomorrow),
        (home.people["auditor"].pk, yesterday),
    ):
        row = agencies.SignedIn.objects.create(
            session_key=f"{person_id.hex}", session_data="", expire_date=until, user_id=person_id
        )
        home.shared.setdefault("ref", row.ref)


def _partnership(name: str) -> Scenario:
    """Its agencies and people; whatever is called something away says that it is from there."""
    mark = f" {canary('foreign', 'called', 'foreign')}" if name == "away" else ""
    partnership = factories.PartnershipFactory(
        short_name=name, name=f"{name.capitalize()} partnership{mark}"
    )
    noun = {"contributor_noun": "practice", "contributor_noun_plural": "practices"}
    called = {"own": noun, "colleague": noun, "excused": noun, "unasked": {}, "early": {}}
    joined: dict[str, agencies.Agency] = {
        each: factories.AgencyFactory(
            partnership=partnership, short_name=each, name=f"Agency {each}{mark}", **extra
        )
        for each, extra in called.items()
    }
    people = _people(partnership, joined, mark)
    scenario = Scenario(partnership=partnership, joined=joined, people=people, told={}, shared={})
    _share(scenario, mark)
    return scenario


def _people(
    partnership: agencies.Partnership, joined: dict[str, agencies.Agency], mark: str
) -> dict[str, agencies.User]:
    people = {
        "auditor": person(Role.AUDITOR, joined["own"], name=f"Asha Auditor{mark}"),
        "lead": person(Role.LEAD, joined["own"], name=f"Lena Lead{mark}"),
        "colleague": person(Role.LEAD, joined["colleague"], name=f"Colm Colleague{mark}"),
        "excused": person(Role.LEAD, joined["excused"], name=f"Edie Excused{mark}"),
        "unasked": person(Role.LEAD, joined["unasked"], name=f"Uma Unasked{mark}"),
        "officer": person(Role.OFFICER, partnership, name=f"Olive Officer{mark}"),
        "chair": person(Role.CHAIR, partnership, name=f"Charlie Chair{mark}"),
        "member": person(Role.MEMBER, partnership, name=f"Mo Member{mark}"),
        # Where these two work gives them nothing of what their agency may read.
        "board": person(Role.BOARD, joined["own"], name=f"Bo Board{mark}"),
        "admin": person(Role.ADMIN, joined["own"], name=f"Ada Admin{mark}"),
        "leaver": person(Role.OFFICER, partnership, name=f"Lou Leaver{mark}"),
    }
    factories.MembershipFactory(
        user=people["leaver"], partnership=partnership, agency=joined["own"], role=Role.LEAD
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    people["leaver"].memberships.update(ends_on=yesterday)
    factories.MembershipFactory(
        user=people["unasked"],
        partnership=partnership,
        agency=joined["own"],
        role=Role.LEAD,
        starts_on=timezone.localdate() + timedelta(days=60),
    )
    return people


def _share(scenario: Scenario, mark: str) -> None:
    """The partnership's own lists, with a newcomer who has not answered the invitation yet, one
    whose invitation ran out, and an agency for which nobody answers."""
    partnership, own = scenario.partnership, scenario.joined["own"]
    newcomer = person(Role.AUDITOR, own, name=f"Nia Newcomer{mark}", is_active=False)
    stayed_away = person(Role.AUDITOR, own, name=f"Abe Away{mark}", is_active=False)
    agencies.Invitation.objects.create(
        user=stayed_away,
        invited_by=scenario.people["officer"],
        sent_at=timezone.now() - timedelta(days=90),
    )
    factories.AgencyFactory(partnership=partnership, short_name=f"empty{mark}", name="Empty")
    toolkit = factories.ToolkitFactory(partnership=partnership, name=f"Still a draft{mark}")
    scenario.shared = {
        "agency_id": own.pk,
        "body_id": factories.BodyFactory(partnership=partnership, name=f"Forum{mark}").pk,
        "contributor_id": factories.ContributorFactory(agency=own, name=f"The first{mark}").pk,
        "person_id": newcomer.pk,
        "membership_id": newcomer.memberships.get().pk,
        "invitation": agencies.Invitation.objects.create(
            user=newcomer, invited_by=scenario.people["officer"]
        ),
        "message_id": factories.MessageFactory(partnership=partnership, state="failed").pk,
        "theme_id": factories.ThemeFactory(partnership=partnership, name=f"Neglect{mark}").pk,
        "learning_theme_id": factories.LearningThemeFactory(
            partnership=partnership, name=f"Hearing children{mark}"
        ).pk,
        "toolkit_id": toolkit.pk,
        "question_id": factories.QuestionFactory(toolkit=toolkit).pk,
        "review_id": _reviewed(scenario).pk,
    }
    agencies.AccountChange.objects.create(
        user=newcomer,
        partnership=partnership,
        kind=agencies.AccountChange.Kind.DEACTIVATED,
        reason=f"{canary('foreign' if mark else 'home', 'account', 'officer')} was written.",
        by=scenario.people["officer"],
    )


def _reviewed(scenario: Scenario) -> agencies.AccessReview:
    """One completed review of access, in which everybody was kept."""
    officer = scenario.people["officer"]
    review = access_reviews.begin(partnership=scenario.partnership, by=officer)
    held = scenario.partnership.memberships.unfinished()
    kept = dict.fromkeys(held.values_list("pk", flat=True), "confirmed")
    access_reviews.complete(review=review, by=officer, decisions=kept)
    return review


def _others(scenario: Scenario) -> dict[str, Any]:
    colleague = scenario.joined["colleague"]
    member = scenario.people["colleague"].memberships.get()
    return {
        "agency_id": colleague.pk,
        "contributor_id": factories.ContributorFactory(agency=colleague).pk,
        "person_id": scenario.people["colleague"].pk,
        "membership_id": member.pk,
    }


def _audit(scenario: Scenario, stage: Stage, name: str = "") -> Told:
    audit = factories.AuditFactory(
        partnership=scenario.partnership,
        stage=stage,
        meeting_on=timezone.localdate() + timedelta(days=30),
        asks_practitioners=True,
        asks_child=True,
        asks_family=True,
    )
    told = Told(audit, name=name)
    people, officer = scenario.people, scenario.people["officer"]
    _set_up(told, people)
    if "cases" in told.parts:
        _seal(told, officer)
    # Words of it stand in the canaries that are sealed, and nobody is sealed whom a title names.
    audit.title = f"Audit {canary(name, 'called', name) if name else stage.value}"
    audit.save()
    returns: dict[str, audits.AgencyReturn] = {
        whose: factories.AgencyReturnFactory(
            audit=audit, agency=scenario.joined[whose], stage=row, overview=_words(told, whose)
        )
        for whose, row in zip(ASKED, RETURN_STAGES[stage], strict=True)
    }
    for whose, agency_return in returns.items():
        told.of(whose)["return_id"] = agency_return.pk
    _tell_stages(told, returns, officer)
    if stage == Stage.COLLECTING:
        _ask_for_time(told, {"own": returns["own"]}, people)
    if audit.has_reached(Stage.COLLECTING):
        audit.toolkit.frozen_at = timezone.now()
        audit.toolkit.save()
        for whose, agency_return in returns.items():
            _answer(told, whose, agency_return, people)
            _worry(told, whose, agency_return, people["auditor"] if whose == "own" else None)
    if audit.has_reached(Stage.MEETING):
        for whose, agency_return in returns.items():
            if agency_return.stage in (ReturnStage.SIGNED_OFF, ReturnStage.NIL):
                _correct(told, whose, agency_return, people[whose if whose != "own" else "lead"])
        _meet(told, people["chair"])
        _conclude(told, scenario)
    if audit.has_reached(Stage.PUBLISHED):
        told.parts["document_id"] = _publish(told, people["chair"])
    _go_back_and_forth(told, returns["own"], scenario)
    return told


def _make_late(audit: audits.Audit) -> None:
    """Its returns were due long ago."""
    audit.return_by = timezone.localdate() - timedelta(days=60)
    audit.save()


def _go_back_and_forth(told: Told, owed: audits.AgencyReturn, scenario: Scenario) -> None:
    """What is left over of steps back, and what was decided on the way."""
    people, stage = scenario.people, told.audit.stage
    if stage == Stage.NOMINATING:
        _had_begun(told, owed)
    if stage == Stage.COLLECTING:
        _make_late(told.audit)
        _had_met(told, scenario)
        # Before the meeting nobody reads it, whose own is in ("excused") neither.
        factories.AgencyReturnFactory(
            audit=told.audit, agency=scenario.joined["early"], stage=ReturnStage.SIGNED_OFF
        )
    if stage == Stage.DRAFTING:
        audits.StatusChange.objects.create(
            audit=told.audit,
            transition="send-back-draft",
            from_stage=stage,
            to_stage=stage,
            reason=_words(told, "officer", "status"),
            by=people["chair"],
        )
    if stage in {Stage.COLLECTING, Stage.DRAFTING} or told.name:
        _decide(told, owed, people["officer"])


def _had_begun(told: Told, owed: audits.AgencyReturn) -> None:
    """The audit was circulated and then taken back: what an agency had begun waits unseen."""
    factories.CaseReturnFactory(
        agency_return=owed,
        case=told.parts["cases"][0],
        stage=audits.CaseReturnStage.IN_PROGRESS,
        engagement_past=_words(told, "officer", "held"),
    )


def _had_met(told: Told, scenario: Scenario) -> None:
    """It had met already and was taken back: what was agreed then is nobody's to read now."""
    factories.meeting_point(told.audit, _words(told, "meeting", "agreed"), told.parts["cases"][0])
    factories.ActionFactory(
        audit=told.audit,
        text=_words(told, "meeting", "action"),
        owner_agency=scenario.joined["colleague"],
    )


def _send_back(told: Told, lead: agencies.User) -> None:
    audits.StatusChange.objects.create(
        audit=told.audit,
        case_return_id=told.parts["case_return_id"],
        transition="send-back",
        from_stage="complete",
        to_stage=audits.CaseReturnStage.IN_PROGRESS,
        reason=_words(told, "own", "status"),
        by=lead,
    )


def _decide(told: Told, owed: audits.AgencyReturn, officer: agencies.User) -> None:
    """What was made of words that may say who somebody is: a return's, and the audit's own."""
    for scope, passages in (
        (Scope.of_return(owed), return_passages(owed)),
        (Scope.of_audit(told.audit), document_passages(told.audit)),
    ):
        screener = Screener(scope)
        hits = (hit for each in passages for hit, _ in screener.found(each.words))
        hit = next(hits, None)
        whose = "own" if scope.return_id else "officer"
        audits.ScreeningDecision.objects.create(
            audit=told.audit,
            agency_return=owed if scope.return_id else None,
            rule=hit.rule if hit else "name",
            mark=min(mark for _, mark in marks(scope, hit.rule, hit.text)) if hit else "none",
            why=audits.ScreeningDecision.Why.OTHER,
            reason=_words(told, whose, "decided"),
            by=officer,
        )


def _go_abroad(told: Told, away: Scenario) -> None:
    """What an audit at its meeting does not have: whoever asks from home finds none of it."""
    returns = {"own": told.audit.agency_returns.get(agency=away.joined["own"])}
    _ask_for_time(told, returns, away.people)
    told.parts["document_id"] = _publish(told, away.people["chair"])


def _words(told: Told, whose: str, kind: str = "returned") -> str:
    return f"{canary(told.stage, kind, whose)} was written."


def _set_up(told: Told, people: dict[str, agencies.User]) -> None:
    audit, officer = told.audit, people["officer"]
    for kind, choices in (
        (audits.Question.Kind.YES_NO, []),
        (audits.Question.Kind.TEXT, []),
        (audits.Question.Kind.CHOICE, ["Some", "Many"]),
        (audits.Question.Kind.NUMBER, []),
        (audits.Question.Kind.DATE, []),
        (audits.Question.Kind.POINTS, []),
    ):
        factories.QuestionFactory(
            toolkit=audit.toolkit,
            kind=kind,
            choices=choices,
            point_kind=PointKind.WENT_WELL if kind == audits.Question.Kind.POINTS else "",
        )
    if audit.stage == Stage.PLANNED:
        return
    nominate = audits.Nomination.objects.create
    proposed = nominate(
        audit=audit, by=people["member"], reason=_words(told, "member", "nominated")
    )
    nominate(
        audit=audit,
        by=people["member"],
        reason=_words(told, "member", "nominated"),
        stage=audits.Nomination.Stage.DECLINED,
        decline_reason=_words(told, "member", "nominated"),
    )
    selected = nominate(
        audit=audit,
        by=people["lead"],
        agency=people["lead"].memberships.get().agency,
        reason=_words(told, "lead", "nominated"),
        stage=audits.Nomination.Stage.SELECTED,
    )
    draw = audits.Draw.objects.create(
        audit=audit,
        list_description="Open plans",
        list_size=9,
        sample_size=1,
        seed="seven",
        rows=[4],
        by=officer,
    )
    cases = [
        factories.CaseFactory(audit=audit, nomination=selected),
        factories.CaseFactory(audit=audit, draw=draw, draw_row=4),
    ]
    withdrawn = factories.CaseFactory(
        audit=audit,
        withdrawn_at=timezone.now(),
        withdrawn_by=officer,
        withdrawn_reason=_words(told, "officer", "withdrawn"),
    )
    told.parts |= {"nomination_id": proposed.pk, "case_id": cases[0].pk, "cases": cases}
    told.parts["withdrawn"] = withdrawn
    audits.DateMove.objects.create(
        audit=audit,
        field=audits.DateMove.Field.RETURN_BY,
        to_date=audit.return_by,
        reason="More time was asked for.",
        by=officer,
    )


def _seal(told: Told, officer: agencies.User) -> None:
    """Who the cases are. A page that says it has been asked why: to open one is not enough."""
    days = 3 if told.audit.stage == Stage.PUBLISHED else 90
    seal = audits.Seal.objects.create(
        audit=told.audit, begun_by=officer, keep_until=timezone.localdate() + timedelta(days=days)
    )
    key_folder().make(seal.pk)
    words = canary(told.stage, "identity", "officer")
    identities = {case: Identity(words, words, address=words) for case in told.parts["cases"]}
    identities[told.parts["withdrawn"]] = Identity(words, words)
    seal_identities(seal=seal, by=officer, identities=identities)
    for case in told.parts["cases"]:
        audits.IdentityView.objects.create(
            seal=seal, case=case, by=officer, reason=_words(told, "officer", "looked")
        )
    audits.LegalHold.objects.create(
        audit=told.audit,
        reason=_words(told, "officer", "held"),
        by=officer,
        lifted_at=timezone.now(),
        lifted_by=officer,
        lifted_reason=_words(told, "officer", "held"),
    )


def _tell_stages(
    told: Told, returns: dict[str, audits.AgencyReturn], officer: agencies.User
) -> None:
    """Status rows, whose reasons are content, and the activity, which must hold none."""
    rows: dict[str, audits.AgencyReturn | None] = {"officer": None, **returns}
    for whose, agency_return in rows.items():
        audits.StatusChange.objects.create(
            audit=told.audit,
            agency_return=agency_return,
            transition="reopen" if agency_return else "back-to-planned",
            from_stage="open",
            to_stage=(agency_return or told.audit).stage,
            reason=_words(told, whose, "status"),
            by=officer,
        )
    told_of: list[tuple[Any, UUID | None]] = [(told.audit, told.audit.pk)]
    for agency_return in returns.values():
        told_of += [(agency_return, told.audit.pk), (agency_return.agency, None)]
    for subject, audit_id in told_of:
        activity.record(
            "took it a step back",
            by=officer,
            partnership=told.audit.partnership_id,
            subject=subject,
            audit_id=audit_id,
        )


def _answer(
    told: Told,
    whose: str,
    agency_return: audits.AgencyReturn,
    people: dict[str, agencies.User],
) -> None:
    open_still = agency_return.stage == ReturnStage.OPEN
    for number, case in enumerate(told.parts["cases"]):
        nobodys = open_still and number == 1 and whose == "colleague"
        begun = nobodys or (open_still and number == 0)
        words = _words(told, whose)
        case_return = factories.CaseReturnFactory(
            agency_return=agency_return,
            case=case,
            auditor=None if nobodys else _auditor_of(whose, number, people),
            stage=audits.CaseReturnStage.IN_PROGRESS if begun else audits.CaseReturnStage.COMPLETE,
            known=audits.Known.CHILD,
            engagement_past=words,
            engagement_present=words,
            voice_practitioners=words,
            voice_child=words,
            voice_family=words,
            own_grade=told.audit.grades.get(code="good"),
            grade_reason=words,
        )
        audits.EngagementEntry.objects.create(
            case_return=case_return, began_on=date(2026, 1, 5), words=words
        )
        for question in told.audit.toolkit.questions.all():
            value = {"yes_no": "yes", "text": words, "choice": "Some", "number": "4"}.get(
                question.kind, "2026-02-03" if question.kind == "date" else ""
            )
            factories.AnswerFactory(
                case_return=case_return, question=question, value=value, evidence=words
            )
        point = factories.returned_point(case_return, words)
        if number == 0:
            kept = _keep(told, whose, agency_return, "engagement_past", case_return)
            told.of(whose).update(
                case_return_id=case_return.pk, returned=point.pk, revision_id=kept
            )
        if whose == "own":
            _ask_contributor(case_return, words)
        if told.audit.has_reached(Stage.MEETING):
            _adopt(case_return, _words(told, whose, "agreed"))
    _summarise(told, whose, agency_return)


def _auditor_of(whose: str, number: int, people: dict[str, agencies.User]) -> agencies.User:
    """Of "own" two people have done a case each, so that they can differ."""
    return people[("auditor", "lead")[number] if whose == "own" else whose]


def _worry(
    told: Told, whose: str, agency_return: audits.AgencyReturn, by: agencies.User | None
) -> None:
    """Raised by an auditor, so that the agency's lead may answer: nobody answers their own."""
    raised = {"raised_by": by} if by else {}
    concern = factories.ConcernFactory(
        agency_return=agency_return, words=_words(told, whose, "concern"), **raised
    )
    told.of(whose)["concern_id"] = concern.pk


def _ask_for_time(
    told: Told, returns: dict[str, audits.AgencyReturn], people: dict[str, agencies.User]
) -> None:
    """One request answered, one that waits; what either says is the agency's and the officer's."""
    ask = audits.TimeRequest.objects.create
    for whose, owed in returns.items():
        reason, lead = _words(told, whose, "asked"), people[whose if whose != "own" else "lead"]
        ask(
            agency_return=owed,
            days=2,
            reason=reason,
            asked_by=lead,
            answer=audits.TimeRequest.Answer.REFUSED,
            answer_reason=reason,
            answered_by=lead,
            answered_at=timezone.now(),
        )
        waiting = ask(agency_return=owed, days=5, reason=reason, asked_by=lead)
        told.of(whose)["time_request_id"] = waiting.pk


def _correct(told: Told, whose: str, agency_return: audits.AgencyReturn, by: agencies.User) -> None:
    """A correction after sign-off, with what one text said before and says since."""
    words = _words(told, whose)
    correction = audits.Correction.objects.create(agency_return=agency_return, reason=words, by=by)
    for revision, made in enumerate((None, correction)):
        audits.TextRevision.objects.create(
            agency_return=agency_return,
            key="overview",
            words=f"{words} Then {revision}.",
            revision=revision,
            correction=made,
        )
    told.of(whose)["correction_id"] = correction.pk


def _ask_contributor(case_return: audits.CaseReturn, words: str) -> None:
    audits.ContributorRequest.objects.create(
        case_return=case_return,
        contributor=factories.ContributorFactory(agency=case_return.agency),
        stage=audits.ContributorRequest.Stage.DECLINED,
        reason=words,
    )


def _reply(case_return: audits.CaseReturn, words: str) -> None:
    """What a contributor wrote and nobody has taken over yet."""
    asked = audits.ContributorRequest.objects.create(
        case_return=case_return,
        contributor=factories.ContributorFactory(agency=case_return.agency),
        stage=audits.ContributorRequest.Stage.REPLIED,
        answered_on=timezone.localdate(),
    )
    audits.ContributorPoint.objects.create(request=asked, kind=PointKind.WENT_WELL, text=words)


def _give_links(scenario: Scenario) -> None:
    """Two contributors of "own" hold a link of their own while the agency collects."""
    told, own = scenario.told[Stage.COLLECTING], scenario.joined["own"]
    agency_return = told.audit.agency_returns.get(agency=own)
    for name in HOLDERS:
        contributor = factories.ContributorFactory(
            agency=own, name=f"The {name}", email=f"{name}@example.org"
        )
        scenario.links[name] = audits.ContributorLink.objects.create(
            agency_return=agency_return,
            contributor=contributor,
            email=f"{name}@example.org",
            token_hash=f"hash of the {name}",
            expires_at=timezone.now() + timedelta(days=30),
            sent_by=scenario.people["lead"],
        )
        for case_return in agency_return.case_returns.order_by("-case__number"):
            asked = audits.ContributorRequest.objects.create(
                case_return=case_return, contributor=contributor
            )
            audits.ContributorPoint.objects.create(
                request=asked,
                kind=PointKind.WENT_WELL,
                text=_words(told, name, "contributed"),
            )
            audits.ContributorAnswer.objects.create(
                request=asked,
                question=told.audit.toolkit.questions.filter(kind=audits.Question.Kind.TEXT)[0],
                value=_words(told, name, "contributed"),
                evidence=_words(told, name, "contributed"),
            )
            if name == HOLDERS[0]:
                scenario.shared["request_id"] = asked.pk
    case_return = agency_return.case_returns.get(pk=told.parts["case_return_id"])
    _reply(case_return, _words(told, "own", "contributed"))
    _asked_elsewhere(scenario)


def _asked_elsewhere(scenario: Scenario) -> None:
    """What a link does not open: its contributor's part in another audit, and of a case that
    was withdrawn since."""
    link, told = scenario.links[HOLDERS[0]], scenario.told[Stage.COLLECTING]
    gone = factories.CaseReturnFactory(
        agency_return=link.agency_return, case=told.parts["withdrawn"], auditor=None
    )
    elsewhere = scenario.told[Stage.MEETING].parts["case_return_id"]
    for case_return_id in (gone.pk, elsewhere):
        audits.ContributorRequest.objects.create(
            case_return_id=case_return_id, contributor=link.contributor
        )


def _adopt(case_return: audits.CaseReturn, words: str) -> None:
    point = factories.returned_point(case_return, words)
    audits.PointPlacement.objects.create(point=point, kind=PointKind.WENT_WELL, agreed=True)


def _keep(
    told: Told,
    whose: str,
    agency_return: audits.AgencyReturn,
    key: str,
    case_return: audits.CaseReturn | None = None,
) -> int:
    """What a text said before; only the agency itself and the officer read that."""
    return audits.TextRevision.objects.create(
        agency_return=agency_return,
        case_return=case_return,
        key=key,
        words=_words(told, whose, "draft"),
        revision=0,
    ).pk


def _summarise(told: Told, whose: str, agency_return: audits.AgencyReturn) -> None:
    point = audits.Point.objects.create(
        audit=told.audit,
        agency=agency_return.agency,
        agency_return=agency_return,
        origin=audits.Point.Origin.SUMMATIVE,
        text=_words(told, whose),
    )
    audits.PointPlacement.objects.create(point=point, kind=PointKind.CAN_BE_IMPROVED)
    told.of(whose)["report_revision_id"] = _keep(told, whose, agency_return, f"point:{point.pk}")
    audits.RestorativeAction.objects.create(
        agency_return=agency_return, text=_words(told, whose), owner="The head of service"
    )


def _meet(told: Told, chair: agencies.User) -> None:
    audit, agreed = told.audit, _words(told, "meeting", "agreed")
    meeting = factories.MeetingFactory(audit=audit, chaired_by=chair.name, notes=agreed)
    agency = audit.agencies_asked.first()
    audits.Attendance.objects.create(meeting=meeting, name="Petra Present", agency=agency)
    audits.Attendance.objects.create(meeting=meeting, name="Sol Sorry", state="apologies")
    first, second = told.parts["cases"]
    audits.Discussion.objects.create(
        case=first,
        state=audits.Discussion.State.DISCUSSED,
        introduced_by="Petra Present",
        overall_grade=audit.grades.get(code="good"),
        overall_grade_reason=agreed,
        overall_grade_by=chair,
    )
    audits.Discussion.objects.create(
        case=second, state=audits.Discussion.State.PASSED_OVER, passed_over_reason=agreed
    )
    factories.agreed_grade(audits.CaseReturn.objects.get(pk=told.parts["case_return_id"]), "good")
    told.parts["point_id"] = factories.meeting_point(audit, agreed, first).pk
    factories.meeting_point(audit, agreed, None, PointKind.CHALLENGE)


def _conclude(told: Told, scenario: Scenario) -> None:
    """A finding in two sections, one under a lead-in and one under a gap heading."""
    audit, agreed = told.audit, _words(told, "meeting", "agreed")
    finding = factories.FindingFactory(audit=audit, text=agreed, for_scrutiny=True)
    finding.agencies.add(scenario.joined["own"])
    finding.points.add(told.parts["point_id"])
    figure = audits.Figure.objects.create(
        audit=audit,
        code="heard",
        kind=audits.Figure.Kind.STATED,
        label="children heard",
        numerator=2,
        denominator=2,
        unit="cases",
        stated_by="The head of service",
    )
    finding.figures.add(figure)
    audits.SeenBefore.objects.create(finding=finding, audit_title="An audit on paper")
    lead_in = audits.LeadIn.objects.create(
        audit=audit, section=audits.Section.FINDINGS, text="Some themes were seen before:"
    )
    heading = factories.GapHeadingFactory(
        audit=audit,
        learning_theme_id=scenario.shared["learning_theme_id"],
        label=f"Listening {told.stage}",
    )
    placement = audits.FindingPlacement.objects.create(
        finding=finding, section=audits.Section.FINDINGS, lead_in=lead_in
    )
    audits.FindingPlacement.objects.create(
        finding=finding, section=audits.Section.GAPS, heading=heading, wording=agreed
    )
    for whose in ASKED:
        action = factories.ActionFactory(
            audit=audit,
            text=_words(told, whose, "action"),
            owner_agency=scenario.joined[whose],
            due_on=date(2026, 9, 28),
        )
        action.findings.add(finding)
        told.of(whose)["action_id"] = action.pk
    Prose.objects.create(audit=audit, passage=Prose.Passage.BACKGROUND, text=agreed)
    told.parts |= {
        "finding_id": finding.pk,
        "figure_id": figure.pk,
        "lead_in_id": lead_in.pk,
        "heading_id": heading.pk,
        "placement_id": placement.pk,
    }


def _publish(told: Told, chair: agencies.User) -> UUID:
    """Both documents, with a stand-in for the PDF: how one is made is tested elsewhere."""
    made = [published(told.audit, chair, kind) for kind in Document.Kind]
    return made[0].pk
