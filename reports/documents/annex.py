"""The annex of figures: what is counted, what is stated, and in words what has no number."""

from collections import Counter
from collections.abc import Iterator
from functools import cache

from django.db.models import Count as CountOf
from django.db.models import QuerySet

from agencies.models import Agency
from audits.models import (
    AgencyReturn,
    AgreedGrade,
    Discussion,
    Figure,
    PointKind,
    PointPlacement,
    Question,
)
from reports.documents import content
from reports.documents.source import DocumentSource
from reports.figures import Count, FigureValue
from reports.figures.printed import Ratio, ShownAnswers

UNANSWERED = "No answer"


def counted_returns(source: DocumentSource) -> list[AgencyReturn]:
    """Agency returns with something to count: signed off, or with complete case returns."""
    return [
        agency_return
        for agency_return in source.agency_returns
        if agency_return.stage == "signed_off" or source.counts.of(agency_return.agency_id).audited
    ]


def build_annex(source: DocumentSource) -> content.Annex:
    handed_in = counted_returns(source)
    return content.Annex(
        figures=_by_measure(
            (*_coverage(source, handed_in), *_contributors(source), *_figures(source))
        ),
        grades=grades_by_agency(source, handed_in),
        questions=answers_by_question(source, handed_in),
        theme_points=points_by_theme(source, agreed=True),
        # One case a line: whoever counted the lines would have the small numbers back.
        grade_changes=() if source.is_public else _grade_changes(source),
        overall_grades=() if source.is_public else _overall_grades(source),
        in_words=_in_words(source),
    )


def _coverage(
    source: DocumentSource, handed_in: list[AgencyReturn]
) -> tuple[content.FigureRow, ...]:
    """How many of the cases each agency audited, unless a figure of the audit says so already."""
    said = {
        (value.figure.measure, value.figure.agency_id)
        for value in source.values.values()
        if value.figure.measure in ("audited", "known")
    }
    rows = []
    for agency_return in handed_in:
        agency = agency_return.agency
        if not said & {("audited", agency.pk), ("known", agency.pk)}:
            rows.append(_row("Cases audited", agency, source.printed.audited(agency.pk), "cases"))
    return tuple(rows)


def _by_measure(rows: tuple[content.FigureRow, ...]) -> tuple[content.FigureRow, ...]:
    """What counts the same stands together, agency by agency; measures as they first come."""
    order = list(dict.fromkeys(row.measure for row in rows))
    return tuple(sorted(rows, key=lambda row: (order.index(row.measure), row.agency)))


def _contributors(source: DocumentSource) -> Iterator[content.FigureRow]:
    """Of each agency that asked others: how many replied, and how many said yes to what, in
    their own unit, unless a figure of the audit says so already. Never a rate over cases."""
    said = {
        (value.figure.measure, value.figure.agency_id, value.figure.question_id)
        for value in source.values.values()
    }
    coordinating = [row.agency for row in source.agency_returns if row.agency.contributor_noun]
    for agency in coordinating:
        unit = agency.contributor_noun_plural or "contributors"
        replied = source.printed.contributors(agency.pk)
        if not source.counts.contributors.get(agency.pk, (0, 0))[0]:
            continue
        if (Figure.Measure.CONTRIBUTORS, agency.pk, None) not in said:
            yield _row(f"{unit[:1].upper()}{unit[1:]} that replied", agency, replied, unit)
        for question in source.questions:
            yes = source.counts.contributors_yes.get((question.pk, agency.pk))
            key = (Figure.Measure.CONTRIBUTORS_YES, agency.pk, question.pk)
            if yes and key not in said:
                count = source.printed.contributors_yes(question.pk, agency.pk)
                yield _row(_answered_yes(question, unit), agency, count, unit)


def _answered_yes(question: Question, who: str) -> str:
    subject = f"{who[:1].upper()}{who[1:]} that answered"
    return f"{subject} yes to question {question.number}: {question.text}"


def _row(measure: str, agency: Agency, ratio: Ratio, unit: str) -> content.FigureRow:
    return content.FigureRow(
        measure=measure,
        agency=agency.name,
        numerator=ratio.number,
        denominator=ratio.out_of,
        unit=unit,
    )


def _figures(source: DocumentSource) -> tuple[content.FigureRow, ...]:
    return tuple(
        content.FigureRow(
            measure=_measure(value),
            agency=value.agency or "All agencies",
            numerator=value.count.numerator if isinstance(value.count, Count) else None,
            denominator=value.count.denominator,
            unit=value.count.unit,
            stated_by=_stated_by(value),
        )
        for value in source.values.values()
        if value.count is not None
    )


def _measure(value: FigureValue) -> str:
    figure = value.figure
    if figure.question is not None and figure.measure == Figure.Measure.CONTRIBUTORS_YES:
        return _answered_yes(figure.question, value.count.unit if value.count else "contributors")
    if figure.question is not None:
        return f"Answered yes to question {figure.question.number}: {figure.question.text}"
    words = value.what if figure.label else figure.get_measure_display() or value.what
    return words[:1].upper() + words[1:]


def _stated_by(value: FigureValue) -> str:
    if value.figure.kind != "stated":
        return ""
    return value.figure.stated_by or value.agency or "the agency"


def grades_by_agency(
    source: DocumentSource, handed_in: list[AgencyReturn]
) -> content.Grades | None:
    counts = source.counts
    tallies = []
    ungraded = []
    for agency_return in handed_in:
        tally = counts.of(agency_return.agency_id)
        name = agency_return.agency.name
        if tally.graded:
            shown = source.printed.grades(agency_return.agency_id)
            withheld = None in shown.cells
            tallies.append(
                content.Tally(
                    name=name,
                    counts=shown.cells,
                    whole=shown.graded if withheld else None,
                    good=shown.good if withheld else None,
                )
            )
        if tally.ungraded:
            ungraded.append(_ungraded(source, agency_return))
    if not tallies and not ungraded:
        return None
    return content.Grades(
        scale=tuple(grade.label for grade in counts.scale),
        good_levels=sum(grade.meets_good for grade in counts.scale),
        tallies=tuple(tallies),
        ungraded=tuple(ungraded),
    )


def _ungraded(source: DocumentSource, agency_return: AgencyReturn) -> str:
    name, agency_id = agency_return.agency.name, agency_return.agency_id
    number = source.printed.grades(agency_id).ungraded
    if number is None:
        return f"{name} did not grade all of its audited cases."
    tally = source.counts.of(agency_id)
    of = "none of its" if not tally.graded else f"all but {number} of its"
    return f"{name} graded {of} {tally.audited} audited cases."


def answers_by_question(
    source: DocumentSource, handed_in: list[AgencyReturn]
) -> tuple[content.QuestionAnswers, ...]:
    """For each question that is answered by choosing, every agency's answers."""
    answered = (_question(source, question, handed_in) for question in source.questions)
    return tuple(question for question in answered if question is not None)


def _question(
    source: DocumentSource, question: Question, handed_in: list[AgencyReturn]
) -> content.QuestionAnswers | None:
    values = [value for value, _label in question.answers]
    if not values:
        return None
    counted = [
        row for row in handed_in if source.counts.is_answered(question.pk, row.agency_id, values)
    ]
    if not counted:
        return None
    shown = [source.printed.answers(question, row.agency_id) for row in counted]
    # Where numbers are withheld, whether anything went unanswered is one of them.
    some_unanswered = source.is_public or any(row.cells[-1] for row in shown)
    columns = len(values) + some_unanswered
    labels = [label for _value, label in question.answers]
    return content.QuestionAnswers(
        number=question.number,
        text=question.text,
        answers=tuple([*labels, UNANSWERED][:columns]),
        tallies=tuple(_answers(*pair, columns) for pair in zip(counted, shown, strict=True)),
    )


def _answers(agency_return: AgencyReturn, shown: ShownAnswers, columns: int) -> content.Tally:
    cells = shown.cells[:columns]
    return content.Tally(
        name=agency_return.agency.name,
        counts=cells,
        whole=shown.audited if None in cells else None,
    )


@cache
def _coded() -> QuerySet[PointPlacement, tuple[str, int, str, int]]:
    """Placements of any audit by what their points are coded to, counted; put together once.

    The audit is to be said of placements alone: of both sides of the join, it misleads a planner
    that has counted nothing yet into comparing every point with every placement.
    """
    theme = "point__learning_themes"
    rows = PointPlacement.objects.filter(point__learning_themes__isnull=False)
    # Counted by what the index of placements holds, so that their rows are not read.
    return (
        rows.values_list(f"{theme}__name", f"{theme}__position", "kind")
        .annotate(number=CountOf("point"))
        .order_by()
    )


def points_by_theme(source: DocumentSource, *, agreed: bool) -> content.ThemePoints | None:
    """Points the meeting agreed, or those of the returns, by what they are coded to."""
    counts: Counter[tuple[str, str]] = Counter()
    order: dict[str, int] = {}
    rows = _coded().filter(audit=source.audit, agreed=agreed)
    if source.counts.withdrawn:
        rows = rows.exclude(point__case__in=source.counts.withdrawn)
    for name, position, kind, number in rows:
        counts[name, kind] += number
        order[name] = position
    if not counts:
        return None
    return content.ThemePoints(
        kinds=tuple(str(label) for label in PointKind.labels),
        tallies=tuple(
            _points(source, name, [counts[name, kind] for kind in PointKind])
            for name in sorted(order, key=lambda name: (order[name], name))
        ),
    )


def _points(source: DocumentSource, name: str, counts: list[int]) -> content.Tally:
    cells, whole = source.printed.row(counts)
    return content.Tally(name=name, counts=cells, whole=whole if None in cells else None)


def _grade_changes(source: DocumentSource) -> tuple[content.GradeChange, ...]:
    agreed = AgreedGrade.objects.filter(
        case_return__audit=source.audit, case_return__case__withdrawn_at=None
    ).select_related(
        "grade",
        "moderator",
        "case_return__case",
        "case_return__agency",
        "case_return__own_grade",
    )
    return tuple(
        content.GradeChange(
            case=str(row.case_return.case),
            agency=row.case_return.agency.name,
            own=row.case_return.own_grade.label if row.case_return.own_grade else "Not graded",
            agreed=row.grade.label,
            reason=row.reason,
            moderator=row.moderator.name,
        )
        for row in agreed.order_by("case_return__case__number", "case_return__agency__name")
    )


def _overall_grades(source: DocumentSource) -> tuple[content.OverallGrade, ...]:
    discussions = Discussion.objects.filter(
        case__audit=source.audit, case__withdrawn_at=None, overall_grade__isnull=False
    ).select_related("case", "overall_grade")
    return tuple(
        content.OverallGrade(
            case=str(row.case),
            grade=row.overall_grade.label if row.overall_grade else "",
            reason=row.overall_grade_reason,
        )
        for row in discussions
    )


def _in_words(source: DocumentSource) -> tuple[str, ...]:
    words = [value.text for value in source.values.values() if value.count is None]
    endings = {
        "nil": "made a nil return: none of the families is known to it.",
        "declined": "declined to return.",
        "excused": "was excused from returning.",
        "open": "has not yet signed off its return.",
    }
    words += [
        f"{agency_return.agency} {endings[agency_return.stage]}"
        for agency_return in source.agency_returns
        if agency_return.stage in endings
    ]
    return tuple(words)
