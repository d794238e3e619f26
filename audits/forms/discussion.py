from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agencies.forms import fields
from audits.forms.revisioned import RevisionedForm
from audits.models import AgreedGrade, Audit, Discussion, Grade
from audits.reading.case_room import Column


class IntroductionForm(RevisionedForm):
    hide_optional = True
    introduced_by = fields.CharField(
        label="Introduced by", required=False, max_length=200, width="30"
    )


class PassOverForm(RevisionedForm):
    reason = fields.TextField(
        label="Why was the case passed over?",
        rows=2,
        error_messages={"required": "Say why the case was passed over."},
    )


class GradeForm(RevisionedForm):
    """A grade the meeting agrees, with its reason; choosing none takes it away.

    `scale` is handed in, so that a page with one form for each agency reads it once.
    """

    hide_optional = True
    grade = fields.ChoiceField(label="Agreed grade", required=False, inline=True)
    reason = fields.TextField(label="Reason", required=False, rows=2)

    def __init__(self, *args: Any, scale: Sequence[Grade], label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scale = {grade.code: grade for grade in scale}
        choices = [("", "None"), *((grade.code, grade.label) for grade in scale)]
        self.fields["grade"].choices = choices  # type: ignore[attr-defined]
        if label:
            self.fields["grade"].label = label

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("grade") and not cleaned.get("reason"):
            self.add_error("reason", "Give the reason for the grade: the annex prints it.")
        return {**cleaned, "grade": self.scale.get(cleaned.get("grade", ""))}


def agreed_grade_initial(agreed: AgreedGrade | None) -> dict[str, Any]:
    if agreed is None:
        return {"revision": 0}
    return {"grade": agreed.grade.code, "reason": agreed.reason, "revision": agreed.revision}


def overall_grade_initial(discussion: Discussion | None) -> dict[str, Any]:
    if discussion is None:
        return {"revision": 0}
    return {
        "grade": discussion.overall_grade.code if discussion.overall_grade else "",
        "reason": discussion.overall_grade_reason,
        "revision": discussion.revision,
    }


@dataclass(frozen=True)
class Grading:
    """The grades part of a case's page; without forms for those who only read."""

    columns: list[tuple[Column, GradeForm | None]]
    overall: GradeForm | None


def grading_of(
    audit: Audit, columns: list[Column], discussion: Discussion | None, *, moderates: bool
) -> Grading:
    if not moderates:
        return Grading([(column, None) for column in columns], None)
    scale = list(audit.grades.all())
    forms = [
        GradeForm(
            scale=scale,
            auto_id=f"grade_{index}_%s",
            initial=agreed_grade_initial(column.agreed),
        )
        for index, column in enumerate(columns)
    ]
    overall = GradeForm(
        scale=scale,
        label="Overall grade",
        auto_id="overall_%s",
        initial=overall_grade_initial(discussion),
    )
    return Grading(list(zip(columns, forms, strict=True)), overall)
