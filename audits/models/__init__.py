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
    Known,
)
from audits.models.concern import Concern
from audits.models.contributor import (
    ContributorAnswer,
    ContributorLink,
    ContributorPoint,
    ContributorRequest,
    LinkState,
)
from audits.models.engagement import EngagementEntry
from audits.models.finding import (
    Figure,
    Finding,
    FindingPlacement,
    GapHeading,
    LeadIn,
    Section,
    SeenBefore,
)
from audits.models.fingerprint import Fingerprint
from audits.models.learning_theme import LearningTheme
from audits.models.meeting import AgreedGrade, Attendance, Discussion, Meeting
from audits.models.point import Point, PointPlacement
from audits.models.presence import Presence
from audits.models.revision import Correction, TextRevision
from audits.models.screening import ScreeningDecision
from audits.models.seal import IdentityView, LegalHold, Seal, SealedIdentity
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
from audits.models.time_request import TimeRequest
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
    "Concern",
    "ContributorAnswer",
    "ContributorLink",
    "ContributorPoint",
    "ContributorRequest",
    "Correction",
    "DateMove",
    "Discussion",
    "Draw",
    "EngagementEntry",
    "Figure",
    "Finding",
    "FindingPlacement",
    "Fingerprint",
    "GapHeading",
    "Grade",
    "IdentityNotice",
    "IdentityView",
    "Known",
    "LeadIn",
    "LearningTheme",
    "LegalHold",
    "LinkState",
    "Meeting",
    "Nomination",
    "Point",
    "PointKind",
    "PointPlacement",
    "Presence",
    "Question",
    "RestorativeAction",
    "ReturnStage",
    "ScreeningDecision",
    "Seal",
    "SealedIdentity",
    "Section",
    "SeenBefore",
    "Stage",
    "StatusChange",
    "TextRevision",
    "Theme",
    "TimeRequest",
    "Toolkit",
    "YesNoAnswer",
]
