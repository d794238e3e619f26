from audits.models.action import Action
from audits.models.agency_return import (
    AgencyReturn,
    RestorativeAction,
)
from audits.models.audit import (
    Audit,
    DateMove,
    Grade,
)
from audits.models.case import Case, Draw, IdentityNotice, Nomination
from audits.models.case_return import (
    KNOWN_TO_AGENCY,
    Answer,
    CaseReturn,
    ContributorRequest,
    Known,
)
from audits.models.finding import (
    Figure,
    Finding,
    FindingPlacement,
    GapHeading,
    LeadIn,
    Section,
    SeenBefore,
)
from audits.models.learning_theme import LearningTheme
from audits.models.meeting import AgreedGrade, Attendance, Discussion, Meeting
from audits.models.point import Point, PointPlacement
from audits.models.stages import (
    FINISHED,
    FROM_COLLECTING,
    FROM_MEETING,
    HANDED_IN,
    OPEN_STAGES,
    SETTLED,
    STAGES,
    CaseReturnStage,
    ReturnStage,
    Stage,
)
from audits.models.status import StatusChange
from audits.models.theme import Theme
from audits.models.toolkit import PointKind, Question, Toolkit, YesNoAnswer

__all__ = [
    "FINISHED",
    "FROM_COLLECTING",
    "FROM_MEETING",
    "HANDED_IN",
    "KNOWN_TO_AGENCY",
    "OPEN_STAGES",
    "SETTLED",
    "STAGES",
    "Action",
    "AgencyReturn",
    "AgreedGrade",
    "Answer",
    "Attendance",
    "Audit",
    "Case",
    "CaseReturn",
    "CaseReturnStage",
    "ContributorRequest",
    "DateMove",
    "Discussion",
    "Draw",
    "Figure",
    "Finding",
    "FindingPlacement",
    "GapHeading",
    "Grade",
    "IdentityNotice",
    "Known",
    "LeadIn",
    "LearningTheme",
    "Meeting",
    "Nomination",
    "Point",
    "PointKind",
    "PointPlacement",
    "Question",
    "RestorativeAction",
    "ReturnStage",
    "Section",
    "SeenBefore",
    "Stage",
    "StatusChange",
    "Theme",
    "Toolkit",
    "YesNoAnswer",
]
