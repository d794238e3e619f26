"""Ten years of an invented partnership, written in bulk: no activity, no mail, no domain rules.

Three audits stand at their meeting, one of each size that is measured: 5 × 3, 20 × 10 and
60 × 12 (cases × agencies). In each the first agency's return is still open.
"""

from dataclasses import dataclass
from datetime import date
from itertools import count

from django.db import connection

from agencies.models import Agency, Partnership, User
from agencies.roles import Role
from audits import models as audits
from audits.models import CaseReturnStage, Known, PointKind, ReturnStage, Section, Stage
from tests.factories import (
    ActionFactory,
    AgencyFactory,
    AuditFactory,
    FindingFactory,
    GapHeadingFactory,
    LearningThemeFactory,
    PartnershipFactory,
    QuestionFactory,
    ThemeFactory,
    ToolkitFactory,
    person,
)

YES_NO = [value for value, _label in audits.YesNoAnswer.choices]
KINDS = list(PointKind)[:3]
FINDINGS = 30
WORDS = (
    "The record shows what was seen, who was told and when; it says less about what the child "
    "made of it, and the chronology stops a month before the strategy discussion."
)


@dataclass(frozen=True)
class Size:
    cases: int
    agencies: int

    def __str__(self) -> str:
        return f"{self.cases} × {self.agencies}"


SMALL, ORDINARY, LARGE = Size(5, 3), Size(20, 10), Size(60, 12)


@dataclass(frozen=True)
class Measured:
    """One audit that is measured, and the case return whose form is."""

    audit: audits.Audit
    form: audits.CaseReturn


@dataclass(frozen=True)
class Ground:
    chair: User
    officer: User
    auditor: User
    measured: dict[Size, Measured]


class Builder:
    """Writes audits with everything under them; `rows` counts what was written."""

    def __init__(self) -> None:
        self.partnership: Partnership = PartnershipFactory()
        self.agencies: list[Agency] = [
            AgencyFactory(partnership=self.partnership) for _ in range(LARGE.agencies)
        ]
        self.auditor = person(Role.AUDITOR, self.agencies[0])
        self.themes = [LearningThemeFactory(partnership=self.partnership) for _ in range(8)]
        self.theme = ThemeFactory(partnership=self.partnership)
        self.toolkit = ToolkitFactory(partnership=self.partnership)
        self.questions = [QuestionFactory(toolkit=self.toolkit) for _ in range(8)]
        self.questions += [
            QuestionFactory(toolkit=self.toolkit, kind="points", point_kind=kind) for kind in KINDS
        ]
        self.codes = (f"{2016 + number // 8}-{number % 8 + 1:02}" for number in count())
        self.rows = 0

    def audit(self, size: Size, stage: Stage) -> Measured:
        audit = AuditFactory(
            partnership=self.partnership,
            theme=self.theme,
            toolkit=self.toolkit,
            code=next(self.codes),
            stage=stage,
            meeting_on=date(2026, 3, 4),
        )
        case_returns = self._case_returns(audit, size, stage)
        self._answers(case_returns)
        self._points(case_returns, agreed=stage == Stage.CLOSED)
        return Measured(audit, case_returns[0])

    def _case_returns(
        self, audit: audits.Audit, size: Size, stage: Stage
    ) -> list[audits.CaseReturn]:
        grades = list(audit.grades.all())
        cases = audits.Case.objects.bulk_create(
            audits.Case(audit=audit, number=number + 1) for number in range(size.cases)
        )
        returns = audits.AgencyReturn.objects.bulk_create(
            audits.AgencyReturn(
                audit=audit,
                agency=agency,
                stage=ReturnStage.SIGNED_OFF if at or stage == Stage.CLOSED else ReturnStage.OPEN,
                overview=WORDS,
            )
            for at, agency in enumerate(self.agencies[: size.agencies])
        )
        made = [
            audits.CaseReturn(
                audit=audit,
                agency=agency_return.agency,
                agency_return=agency_return,
                case=case,
                auditor=self.auditor,
                stage=CaseReturnStage.COMPLETE,
                known=Known.CHILD,
                engagement_past=WORDS,
                engagement_present=WORDS,
                own_grade=grades[(case.number + at) % len(grades)],
            )
            for at, agency_return in enumerate(returns)
            for case in cases
        ]
        if stage != Stage.CLOSED:
            made[0].stage = CaseReturnStage.IN_PROGRESS
        self.rows += len(cases) + len(returns) + len(made)
        return audits.CaseReturn.objects.bulk_create(made)

    def _answers(self, case_returns: list[audits.CaseReturn]) -> None:
        answers = audits.Answer.objects.bulk_create(
            audits.Answer(
                case_return=case_return,
                question=question,
                value=YES_NO[(at + number) % len(YES_NO)],
                evidence=WORDS,
            )
            for at, case_return in enumerate(case_returns)
            for number, question in enumerate(self.questions[:8])
        )
        self.rows += len(answers)

    def _points(self, case_returns: list[audits.CaseReturn], *, agreed: bool) -> None:
        points = audits.Point.objects.bulk_create(
            audits.Point(
                audit_id=case_return.audit_id,
                case_id=case_return.case_id,
                agency_id=case_return.agency_id,
                case_return=case_return,
                agency_return_id=case_return.agency_return_id,
                origin=audits.Point.Origin.CASE_RETURN,
                text=WORDS,
            )
            for case_return in case_returns
            for _kind in KINDS
        )
        placements = audits.PointPlacement.objects.bulk_create(
            audits.PointPlacement(point=point, kind=KINDS[at % len(KINDS)], agreed=listing)
            for at, point in enumerate(points)
            for listing in ([False, True] if agreed and at % 2 else [False])
        )
        coding = audits.Point.learning_themes.through
        coded = coding.objects.bulk_create(
            coding(point_id=point.pk, learningtheme_id=self.themes[at % len(self.themes)].pk)
            for at, point in enumerate(points)
        )
        self.rows += len(points) + len(placements) + len(coded)

    def report(self, measured: Measured) -> None:
        """What a summary report prints: findings in every section, gap headings, actions."""
        audit = measured.audit
        headings = [
            GapHeadingFactory(audit=audit, learning_theme=theme, position=at)
            for at, theme in enumerate(self.themes[:4])
        ]
        sections = list(Section)
        for at in range(FINDINGS):
            finding = FindingFactory(audit=audit, code=f"finding-{at}", text=f"{at}. {WORDS}")
            section = sections[at % len(sections)]
            audits.FindingPlacement.objects.create(
                finding=finding,
                section=section,
                heading=headings[at % len(headings)] if section == Section.GAPS else None,
                position=at,
            )
            if section == Section.GAPS:
                ActionFactory(audit=audit, code=f"action-{at}").findings.add(finding)


def build(years: int) -> tuple[Ground, int]:
    """Eight audits a year of the ordinary size, one of each other; with the number of rows."""
    builder = Builder()
    for _ in range(years * 8 - 1):
        builder.audit(ORDINARY, Stage.CLOSED)
    measured = {size: builder.audit(size, Stage.MEETING) for size in (SMALL, ORDINARY, LARGE)}
    for each in measured.values():
        builder.report(each)
    ground = Ground(
        chair=person(Role.CHAIR, builder.partnership),
        officer=person(Role.OFFICER, builder.partnership),
        auditor=builder.auditor,
        measured=measured,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return ground, builder.rows
