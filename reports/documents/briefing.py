"""The six-step briefing's content, from the rows of an audit."""

from collections import defaultdict

from audits.models import LearningTheme, PointKind, Question, Section
from reports.documents import content
from reports.documents.default_prose import passage
from reports.documents.imprint import Edition, imprint
from reports.documents.source import DocumentSource
from reports.documents.withholding import withheld_note
from reports.models import Prose

CASE_BY_CASE_UP_TO = 12
MEETING_QUESTIONS = (
    "What went well?",
    "What can be improved?",
    "What challenges or themes can be identified?",
)
UNCODED = "Other learning"

# Above twelve cases the steps come from these sections of the summary report instead.
SECTIONS_OF_STEP: dict[PointKind, tuple[Section, ...]] = {
    PointKind.WENT_WELL: (Section.WORKING_WELL,),
    PointKind.CAN_BE_IMPROVED: (Section.GAPS,),
    PointKind.CHALLENGE: (Section.FINDINGS, Section.WORRIES),
}


def build_briefing(source: DocumentSource, edition: Edition) -> content.Briefing:
    step = _step_by_case if len(source.cases) <= CASE_BY_CASE_UP_TO else _step_by_theme
    if source.is_public and step is _step_by_case:
        step = _step_without_cases
    return content.Briefing(
        imprint=imprint(source.audit, edition),
        theme_and_cases=content.prose(passage(source, Prose.Passage.THEME_AND_CASES)),
        process=content.prose(passage(source, Prose.Passage.PROCESS)),
        questions=tuple(_question(question) for question in source.questions),
        meeting=content.prose(
            "At the meeting each case is introduced, every agency adds what its audit found, "
            "and what is agreed is brought together around three questions:"
        ),
        meeting_questions=MEETING_QUESTIONS,
        went_well=step(source, PointKind.WENT_WELL),
        can_improve=step(source, PointKind.CAN_BE_IMPROVED),
        challenges=step(source, PointKind.CHALLENGE),
        good_practice=_good_practice(source),
        withheld=withheld_note(source),
    )


def _question(question: Question) -> content.Question:
    follows = question.follows
    answers = dict(follows.answers) if follows else {}
    when = [answers.get(value, value).lower() for value in question.follows_answers]
    return content.Question(
        number=question.number,
        text=question.text,
        follows=follows.number if follows else None,
        when=f"if {' or '.join(when)}" if follows and when else "",
    )


def _step_by_case(source: DocumentSource, kind: PointKind) -> tuple[content.Group, ...]:
    groups = [
        content.Group(heading=str(case), items=_points(source, case, kind)) for case in source.cases
    ]
    groups.append(content.Group(heading="Across the cases", items=_points(source, None, kind)))
    return tuple(group for group in groups if group.items)


def _step_without_cases(source: DocumentSource, kind: PointKind) -> tuple[content.Group, ...]:
    """For the public: what was said of one case cannot be put together, nor the cases counted."""
    items = [item for case in (*source.cases, None) for item in _points(source, case, kind)]
    return (content.Group(items=tuple(sorted(items, key=lambda item: item.text))),) if items else ()


def _points(source: DocumentSource, case: object, kind: PointKind) -> tuple[content.Item, ...]:
    placements = source.agreed.get((getattr(case, "pk", None), kind), [])
    return tuple(content.Item(text=placement.point.text) for placement in placements)


def _good_practice(source: DocumentSource) -> tuple[content.Item, ...]:
    kind = PointKind.GOOD_PRACTICE
    if source.is_public:
        return tuple(item for group in _step_without_cases(source, kind) for item in group.items)
    by_case = [
        content.Item(text=f"{case}: {item.text}")
        for case in source.cases
        for item in _points(source, case, kind)
    ]
    return (*_points(source, None, kind), *by_case)


def _step_by_theme(source: DocumentSource, kind: PointKind) -> tuple[content.Group, ...]:
    """Findings under the first learning theme each is coded to; each finding once a step."""
    themed: defaultdict[LearningTheme | None, list[str]] = defaultdict(list)
    seen: set[tuple[object, str]] = set()
    for section in SECTIONS_OF_STEP[kind]:
        for placement in source.in_printed_order(section):
            text = source.text(placement)
            if (placement.finding_id, text) in seen:
                continue
            seen.add((placement.finding_id, text))
            themes = placement.finding.learning_themes.all()
            themed[min(themes, key=lambda theme: theme.position, default=None)].append(text)
    ordered = sorted(themed, key=lambda theme: (theme is None, theme.position if theme else 0))
    return tuple(
        content.Group(
            heading=theme.name if theme else UNCODED,
            items=tuple(content.Item(text=text) for text in themed[theme]),
        )
        for theme in ordered
    )
