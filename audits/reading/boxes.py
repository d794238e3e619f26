"""What stands in the boxes of prose, and of numbers, on a page of a return."""

from audits.domain.case_texts import OWN_FIELDS, standing
from audits.domain.summative import summative_texts
from audits.models import AgencyReturn, CaseReturn, Question
from audits.questions import asked_of
from audits.screening.numbers import as_typed

PROSE = {*OWN_FIELDS} - {"known"}


def prose_of(row: CaseReturn) -> tuple[dict[str, str], dict[str, str]]:
    """Each text of a case return that is prose or a number, by its key; and the codes of the
    questions put to its agency, by their ids."""
    asked = list(asked_of(row.agency_id, row.audit.toolkit_id).only("code", "kind"))
    numbers = _answers(asked, Question.Kind.NUMBER)
    looked_at = PROSE | _answers(asked, Question.Kind.TEXT) | numbers
    texts = {
        key: as_typed(text.words) if key in numbers else text.words
        for key, text in standing(row).texts.items()
        if text.words and (key in looked_at or key.startswith(("evidence:", "point:", "entry:")))
    }
    return texts, {str(each.pk): each.code for each in asked}


def prose_of_report(row: AgencyReturn) -> dict[str, str]:
    """Each text of a summative report, by its key."""
    points = row.points.filter(case_return=None)
    texts = summative_texts(row, points, row.restorative_actions.all())
    return {key: text.words for key, text in texts.items() if text.words}


def _answers(asked: list[Question], kind: Question.Kind) -> set[str]:
    return {f"answer:{each.pk}" for each in asked if each.kind == kind}
