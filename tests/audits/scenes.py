"""Whole situations that several tests of the meeting and the findings start from."""

from dataclasses import dataclass, field

from agencies.models import Agency, User
from agencies.roles import Role
from audits.models import (
    AgencyReturn,
    Audit,
    Case,
    CaseReturn,
    CaseReturnStage,
    Known,
    Point,
    PointKind,
    PointPlacement,
    ReturnStage,
    Stage,
)
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    AnswerFactory,
    AuditFactory,
    CaseFactory,
    CaseReturnFactory,
    QuestionFactory,
    person,
    returned_point,
)


@dataclass
class Scene:
    """An audit at its meeting: every agency signed off, one point a case and agency."""

    audit: Audit
    officer: User
    chair: User
    agencies: list[Agency]
    leads: list[User]
    cases: list[Case]
    returns: list[AgencyReturn]
    case_returns: list[CaseReturn] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)


def meeting_scene(
    *, agencies: int = 2, cases: int = 2, questions: int = 3, stage: Stage = Stage.MEETING
) -> Scene:
    audit = AuditFactory(stage=stage, title="Neglect 2")
    partnership = audit.partnership
    asked = [QuestionFactory(toolkit=audit.toolkit) for _ in range(questions)]
    scene = Scene(
        audit=audit,
        officer=person(Role.OFFICER, partnership, name="Olive Officer"),
        chair=person(Role.CHAIR, partnership, name="Charlie Chair"),
        agencies=[AgencyFactory(partnership=partnership) for _ in range(agencies)],
        leads=[],
        cases=[CaseFactory(audit=audit) for _ in range(cases)],
        returns=[],
    )
    for agency in scene.agencies:
        scene.leads.append(person(Role.LEAD, agency, name=f"Lead of {agency.short_name}"))
        agency_return = AgencyReturnFactory(
            audit=audit, agency=agency, stage=ReturnStage.SIGNED_OFF
        )
        scene.returns.append(agency_return)
        for case in scene.cases:
            case_return = CaseReturnFactory(
                agency_return=agency_return,
                case=case,
                stage=CaseReturnStage.COMPLETE,
                known=Known.CHILD,
            )
            scene.case_returns.append(case_return)
            for question in asked:
                AnswerFactory(case_return=case_return, question=question, evidence="Seen on file.")
            scene.points.append(
                returned_point(case_return, f"{agency.short_name} listened in {case}.")
            )
    return scene


def summative_point(
    agency_return: AgencyReturn, text: str, kind: PointKind = PointKind.WENT_WELL
) -> Point:
    point = Point.objects.create(
        audit=agency_return.audit,
        agency=agency_return.agency,
        agency_return=agency_return,
        origin=Point.Origin.SUMMATIVE,
        text=text,
    )
    position = PointPlacement.objects.filter(
        point__agency_return=agency_return, point__case_return=None, kind=kind, agreed=False
    ).count()
    PointPlacement.objects.create(point=point, kind=kind, position=position)
    return point
