"""The learning themes a partnership starts from; it keeps, renames or retires them as it likes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DefaultLearningTheme:
    code: str
    name: str
    description: str


DEFAULT_LEARNING_THEMES = [
    DefaultLearningTheme(
        "voice-of-the-child",
        "Voice of the child",
        "Whether somebody saw the child alone, heard or observed what daily life is like for "
        "them, babies included, and wrote it down so that it shaped the decisions.",
    ),
    DefaultLearningTheme(
        "information-sharing",
        "Information sharing",
        "Whether the right agencies were told the right things in time, understood them, and "
        "asked again when something was missing or unclear.",
    ),
    DefaultLearningTheme(
        "domestic-abuse",
        "Domestic abuse",
        "Whether abuse between adults, coercive control included, was seen as harm to the "
        "child, and whether the person who causes it was worked with.",
    ),
    DefaultLearningTheme(
        "section-47-and-risk",
        "Section 47 and response to risk",
        "Whether strategy discussions and enquiries began promptly, with the agencies they "
        "needed, and the decision and its reasons are on the record.",
    ),
    DefaultLearningTheme(
        "early-help-and-thresholds",
        "Early help and thresholds",
        "Whether families got help early and at the right level, and stepping up or down "
        "followed what was known rather than habit.",
    ),
    DefaultLearningTheme(
        "records-and-chronologies",
        "Record keeping and chronologies",
        "Whether records are complete and current, say who is in the household, and a "
        "chronology was kept and used to see patterns.",
    ),
    DefaultLearningTheme(
        "policy-and-escalation",
        "Policy and escalation",
        "Whether procedures were known and followed, and a disagreement between agencies was "
        "taken further until it was settled.",
    ),
    DefaultLearningTheme(
        "professional-curiosity",
        "Professional curiosity and challenge",
        "Whether what adults said was tested against what could be seen, and practitioners "
        "questioned each other’s conclusions with respect.",
    ),
    DefaultLearningTheme(
        "neglect-tools",
        "Neglect tools",
        "Whether the partnership’s neglect tools were used, gone back to, and made a "
        "difference to the plan.",
    ),
    DefaultLearningTheme(
        "assessment-and-history",
        "Assessment and history",
        "Whether assessments draw on the family’s whole history, are brought up to date when "
        "things change, and lead to a conclusion about the child.",
    ),
    DefaultLearningTheme(
        "supervision-and-oversight",
        "Supervision and oversight",
        "Whether supervision was held, gave room to think, and managers’ decisions and their "
        "reasons can be found on the record.",
    ),
    DefaultLearningTheme(
        "drift-and-delay",
        "Drift and delay",
        "Whether plans moved at the child’s pace, and repeated starts, missed reviews or long "
        "waits were noticed and answered.",
    ),
    DefaultLearningTheme(
        "fathers-and-wider-family",
        "Fathers and wider family",
        "Whether fathers, partners, grandparents and others who matter to the child were "
        "found, listened to, assessed and included.",
    ),
    DefaultLearningTheme(
        "core-groups-and-planning",
        "Core groups and planning",
        "Whether the people around the child met regularly, all who should were there, and "
        "the plan said who does what by when.",
    ),
    DefaultLearningTheme(
        "workforce",
        "Workforce",
        "Whether changes of worker, vacancies, caseloads or gaps in training told on the help "
        "the child received.",
    ),
    DefaultLearningTheme(
        "health-and-education",
        "Health and education needs",
        "Whether appointments were kept and followed up, attendance and progress were "
        "watched, and needs in health and learning were met.",
    ),
]
