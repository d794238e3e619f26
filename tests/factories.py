"""Rows for tests. Each factory makes a valid row with what it needs around it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import factory
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory

from agencies import models as agencies
from agencies.roles import Role
from audits import models as audits

PASSWORD = "a long enough pass phrase"

GRADES = [
    ("outstanding", "Outstanding", True),
    ("good", "Good", True),
    ("requires-improvement", "Requires improvement", False),
    ("inadequate", "Inadequate", False),
]


class PartnershipFactory(DjangoModelFactory[agencies.Partnership]):
    class Meta:
        model = agencies.Partnership

    short_name = factory.Sequence(lambda n: f"partnership-{n}")
    name = factory.Sequence(lambda n: f"Partnership {n}")


class AgencyFactory(DjangoModelFactory[agencies.Agency]):
    class Meta:
        model = agencies.Agency

    partnership = factory.SubFactory(PartnershipFactory)
    short_name = factory.Sequence(lambda n: f"AG{n}")
    name = factory.Sequence(lambda n: f"Agency {n:03}")
    kind = agencies.Agency.Kind.POLICE


class BodyFactory(DjangoModelFactory[agencies.Body]):
    class Meta:
        model = agencies.Body

    partnership = factory.SubFactory(PartnershipFactory)
    short_name = factory.Sequence(lambda n: f"BODY{n}")
    name = factory.Sequence(lambda n: f"Body {n}")


class ContributorFactory(DjangoModelFactory[agencies.Contributor]):
    class Meta:
        model = agencies.Contributor

    agency = factory.SubFactory(
        AgencyFactory, contributor_noun="GP practice", contributor_noun_plural="GP practices"
    )
    name = factory.Sequence(lambda n: f"Practice {n}")


class UserFactory(DjangoModelFactory[agencies.User]):
    """Signs in with `PASSWORD`."""

    class Meta:
        model = agencies.User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> agencies.User:
        password = kwargs.pop("password", None)
        user: agencies.User = model_class(*args, **kwargs)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save()
        return user


class MembershipFactory(DjangoModelFactory[agencies.Membership]):
    class Meta:
        model = agencies.Membership

    user = factory.SubFactory(UserFactory)
    partnership = factory.SubFactory(PartnershipFactory)
    role = Role.OFFICER
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))


def person(
    role: Role,
    place: agencies.Partnership | agencies.Agency,
    **fields: Any,
) -> agencies.User:
    """A user holding one role, in a partnership or in an agency of one."""
    agency = place if isinstance(place, agencies.Agency) else None
    partnership = place.partnership if isinstance(place, agencies.Agency) else place
    user: agencies.User = UserFactory(**fields)
    MembershipFactory(user=user, partnership=partnership, agency=agency, role=role)
    return user


class MessageFactory(DjangoModelFactory[agencies.OutboxMessage]):
    """A mail in the outbox, due at once."""

    class Meta:
        model = agencies.OutboxMessage

    key = factory.Sequence(lambda n: f"occasion-{n}")
    to = factory.Sequence(lambda n: f"reader{n}@example.org")
    template = "return_reminder"
    subject = "A return is due"
    body = "Everything about it is here.\n"


class ThemeFactory(DjangoModelFactory[audits.Theme]):
    class Meta:
        model = audits.Theme

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda n: f"Theme {n}")


class LearningThemeFactory(DjangoModelFactory[audits.LearningTheme]):
    class Meta:
        model = audits.LearningTheme

    partnership = factory.SubFactory(PartnershipFactory)
    code = factory.Sequence(lambda n: f"learning-{n}")
    name = factory.Sequence(lambda n: f"Learning theme {n}")
    position = factory.Sequence(int)


class ToolkitFactory(DjangoModelFactory[audits.Toolkit]):
    class Meta:
        model = audits.Toolkit

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda n: f"Toolkit {n}")


class QuestionFactory(DjangoModelFactory[audits.Question]):
    class Meta:
        model = audits.Question

    toolkit = factory.SubFactory(ToolkitFactory)
    code = factory.Sequence(lambda n: f"question-{n}")
    position = factory.LazyAttribute(lambda question: question.toolkit.questions.count())
    text = factory.Sequence(lambda n: f"Was step {n} taken?")


class AuditFactory(DjangoModelFactory[audits.Audit]):
    """An audit with the default grade scale; theme and toolkit are of its partnership."""

    class Meta:
        model = audits.Audit
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    code = factory.Sequence(lambda n: f"A-{n:03}")
    title = factory.Sequence(lambda n: f"Audit {n}")
    theme = factory.SubFactory(ThemeFactory, partnership=factory.SelfAttribute("..partnership"))
    toolkit = factory.SubFactory(ToolkitFactory, partnership=factory.SelfAttribute("..partnership"))
    purpose = "To learn how well agencies work together."
    legal_power = "Children Act 2004, section 11"
    return_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))

    @factory.post_generation
    def grade_scale(self: Any, create: bool, _extracted: Any, **_kwargs: Any) -> None:
        if create:
            audits.Grade.objects.bulk_create(
                audits.Grade(audit=self, code=code, label=label, position=position, meets_good=good)
                for position, (code, label, good) in enumerate(GRADES)
            )


class CaseFactory(DjangoModelFactory[audits.Case]):
    class Meta:
        model = audits.Case

    audit = factory.SubFactory(AuditFactory)
    number = factory.LazyAttribute(lambda case: case.audit.cases.count() + 1)


class AgencyReturnFactory(DjangoModelFactory[audits.AgencyReturn]):
    class Meta:
        model = audits.AgencyReturn

    audit = factory.SubFactory(AuditFactory)
    agency = factory.LazyAttribute(lambda row: AgencyFactory(partnership=row.audit.partnership))


class CaseReturnFactory(DjangoModelFactory[audits.CaseReturn]):
    """Give `agency_return`, or `agency_return` and `case`; audit and agency follow."""

    class Meta:
        model = audits.CaseReturn

    agency_return = factory.SubFactory(AgencyReturnFactory)
    audit = factory.LazyAttribute(lambda row: row.agency_return.audit)
    agency = factory.LazyAttribute(lambda row: row.agency_return.agency)
    case = factory.LazyAttribute(lambda row: CaseFactory(audit=row.agency_return.audit))


class ConcernFactory(DjangoModelFactory[audits.Concern]):
    """Raised by one of the agency's auditors, about no case in particular."""

    class Meta:
        model = audits.Concern

    agency_return = factory.SubFactory(AgencyReturnFactory)
    audit = factory.LazyAttribute(lambda row: row.agency_return.audit)
    agency = factory.LazyAttribute(lambda row: row.agency_return.agency)
    words = "Nobody has seen them since Friday."
    raised_by = factory.LazyAttribute(lambda row: person(Role.AUDITOR, row.agency_return.agency))


class AnswerFactory(DjangoModelFactory[audits.Answer]):
    class Meta:
        model = audits.Answer

    case_return = factory.SubFactory(CaseReturnFactory)
    question = factory.LazyAttribute(
        lambda row: QuestionFactory(toolkit=row.case_return.audit.toolkit)
    )
    value = audits.YesNoAnswer.YES


@transaction.atomic
def put_at(agency_return: audits.AgencyReturn, stage: str) -> audits.AgencyReturn:
    """Bring a return to another stage, with the status row without which it cannot leave one."""
    audits.StatusChange.objects.create(
        audit=agency_return.audit,
        agency_return=agency_return,
        transition="test",
        from_stage=agency_return.stage,
        to_stage=stage,
        by=person(Role.OFFICER, agency_return.audit.partnership),
    )
    agency_return.stage = stage
    agency_return.save(update_fields=["stage"])
    return agency_return


@contextmanager
def unsigned(*agency_returns: audits.AgencyReturn) -> Iterator[None]:
    """Returns that are handed in already, open for as long as a test sets their rows up."""
    before = [(row, row.stage) for row in agency_returns]
    for row in agency_returns:
        put_at(row, audits.ReturnStage.OPEN)
    yield
    for row, stage in before:
        put_at(row, stage)
    audits.StatusChange.objects.filter(
        transition="test", agency_return__in=[row for row, _ in before]
    ).delete()


def returned_point(
    case_return: audits.CaseReturn,
    text: str,
    kind: audits.PointKind = audits.PointKind.WENT_WELL,
) -> audits.Point:
    """A point of a case return, listed last under its kind."""
    point = audits.Point.objects.create(
        audit=case_return.audit,
        case=case_return.case,
        agency=case_return.agency,
        case_return=case_return,
        agency_return=case_return.agency_return,
        origin=audits.Point.Origin.CASE_RETURN,
        text=text,
    )
    position = audits.PointPlacement.objects.filter(
        point__case_return=case_return, kind=kind, agreed=False
    ).count()
    audits.PointPlacement.objects.create(point=point, kind=kind, position=position)
    return point


def meeting_point(
    audit: audits.Audit,
    text: str,
    case: audits.Case | None = None,
    kind: audits.PointKind = audits.PointKind.WENT_WELL,
) -> audits.Point:
    """A point written at the meeting, listed last under its kind."""
    point = audits.Point.objects.create(
        audit=audit, case=case, origin=audits.Point.Origin.MEETING, text=text
    )
    position = audits.PointPlacement.objects.filter(
        point__audit=audit, point__case=case, kind=kind, agreed=True
    ).count()
    audits.PointPlacement.objects.create(point=point, kind=kind, agreed=True, position=position)
    return point


class MeetingFactory(DjangoModelFactory[audits.Meeting]):
    class Meta:
        model = audits.Meeting

    audit = factory.SubFactory(AuditFactory)
    held_on = date(2026, 6, 10)


class FindingFactory(DjangoModelFactory[audits.Finding]):
    class Meta:
        model = audits.Finding

    audit = factory.SubFactory(AuditFactory)
    code = factory.Sequence(lambda n: f"finding-{n}")
    text = factory.Sequence(lambda n: f"Finding {n}.")


class GapHeadingFactory(DjangoModelFactory[audits.GapHeading]):
    class Meta:
        model = audits.GapHeading

    audit = factory.SubFactory(AuditFactory)
    learning_theme = factory.LazyAttribute(
        lambda row: LearningThemeFactory(partnership=row.audit.partnership)
    )
    label = factory.Sequence(lambda n: f"Heading {n}")


class ActionFactory(DjangoModelFactory[audits.Action]):
    class Meta:
        model = audits.Action

    audit = factory.SubFactory(AuditFactory)
    code = factory.Sequence(lambda n: f"action-{n}")
    text = factory.Sequence(lambda n: f"Action {n}.")


def agreed_grade(case_return: audits.CaseReturn, code: str) -> audits.AgreedGrade:
    """What the meeting made of a case return's grade."""
    return audits.AgreedGrade.objects.create(
        case_return=case_return,
        grade=case_return.audit.grades.get(code=code),
        reason="The meeting saw it otherwise.",
        moderator=person(Role.CHAIR, case_return.audit.partnership),
    )
