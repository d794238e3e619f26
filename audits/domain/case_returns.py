"""Filling in one agency's audit of one case."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from agencies.models import User
from agencies.roles import Permission
from audits.domain import engagement, points
from audits.domain.drafts import Basis, ReturnClosedError, Text, raise_revision, writable
from audits.domain.engagement import Line
from audits.domain.points import NewPoint
from audits.domain.transitions import transition
from audits.models import (
    Answer,
    CaseReturn,
    CaseReturnStage,
    EngagementEntry,
    Known,
    Point,
    ReturnStage,
)

# The texts of the case return itself; the grade is kept by its code.
VOICES = ("voice_practitioners", "voice_child", "voice_family")
OWN_FIELDS = (
    "known",
    "not_known_reason",
    "engagement_past",
    "engagement_present",
    *VOICES,
    "grade_reason",
)


@dataclass(frozen=True)
class AnswerDraft:
    """What an answer says, as stored: a code, a label, a decimal, an ISO date or words."""

    value: str
    evidence: str


@dataclass(frozen=True)
class CaseReturnDraft:
    """Everything the page of a case return says.

    `own` maps names of `OWN_FIELDS`, those that are asked for, to words; `grade` is a grade's
    code; `answers`, `points` and `entries` go by id. `begun` are new points, and some entries
    are new, to which the page gave an id; `new_points` are lines to add under a kind.
    """

    own: Mapping[str, str]
    grade: str = ""
    answers: Mapping[UUID, AnswerDraft] = field(default_factory=dict)
    points: Mapping[UUID, str] = field(default_factory=dict)
    begun: Mapping[UUID, NewPoint] = field(default_factory=dict)
    entries: Mapping[UUID, Line] = field(default_factory=dict)
    new_points: Mapping[str, Iterable[str]] = field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        """Each text under the key by which the page and its basis name it."""
        texts = {**self.own, "own_grade": self.grade}
        for pk, answer in self.answers.items():
            texts[f"answer:{pk}"] = answer.value
            texts[f"evidence:{pk}"] = answer.evidence
        texts |= {engagement.key_of(pk): str(line) for pk, line in self.entries.items()}
        texts |= {f"point:{pk}": each.text for pk, each in self.begun.items()}
        return texts | {f"point:{pk}": text for pk, text in self.points.items()}


def texts_of(
    case_return: CaseReturn,
    answers: Iterable[Answer],
    returned: Iterable[Point],
    entries: Iterable[EngagementEntry] = (),
) -> dict[str, Text]:
    """What stands in the database, under the same keys as a draft's texts."""
    revision = case_return.revision
    texts = {name: Text(getattr(case_return, name), revision) for name in OWN_FIELDS}
    grade = case_return.own_grade.code if case_return.own_grade else ""
    texts["own_grade"] = Text(grade, revision)
    for answer in answers:
        texts[f"answer:{answer.question_id}"] = Text(answer.value, answer.revision)
        texts[f"evidence:{answer.question_id}"] = Text(answer.evidence, answer.revision)
    texts |= {f"point:{each.pk}": Text(each.text, each.revision) for each in returned}
    return texts | engagement.texts(entries)


def locked(case_return: CaseReturn, *, by: User) -> CaseReturn:
    """The row, locked, for somebody who may fill it in.

    Raises PermissionDenied, or ReturnClosedError where nothing may change any more.
    """
    row = (
        CaseReturn.objects.select_for_update(of=("self",))
        .select_related("agency_return", "case", "audit", "own_grade")
        .get(pk=case_return.pk)
    )
    if not may_fill(row, by):
        raise PermissionDenied
    if row.agency_return.stage != ReturnStage.OPEN or row.case.is_withdrawn or row.is_finished:
        raise ReturnClosedError
    return row


@transaction.atomic
def save_draft(
    case_return: CaseReturn,
    *,
    by: User,
    draft: CaseReturnDraft,
    basis: Basis,
    give_way: Collection[str] = (),
) -> CaseReturn:
    """Write what changed and nothing else; texts whose keys give way stay as others left them.

    The first words start the case return and make their writer its auditor. Raises
    ReturnClosedError, or ConflictError if somebody else changed the same texts.
    """
    row = locked(case_return, by=by)
    answers = {answer.question_id: answer for answer in row.answers.all()}
    returned = {point.pk: point for point in row.points.all()}
    entries = {entry.pk: entry for entry in row.engagement_entries.all()}
    current = texts_of(row, answers.values(), returned.values(), entries.values())
    begun = {pk: each for pk, each in draft.begun.items() if pk not in returned}
    mine = {
        key: text
        for key, text in draft.texts().items()
        if key not in give_way
        and (not key.startswith("point:") or key in current or UUID(key[6:]) in begun)
    }
    keys = set(writable(mine, current, basis))
    new = {kind: list(lines) for kind, lines in draft.new_points.items()}
    if keys or any(new.values()):
        row = _begun(row, by=by)
    _write_own(row, draft, keys)
    _write_answers(row, draft, keys, answers)
    for pk, text in draft.points.items():
        if f"point:{pk}" in keys:
            raise_revision(returned[pk], text=text.strip())
    points.begin(
        row.agency_return,
        new={pk: each for pk, each in begun.items() if f"point:{pk}" in keys},
        by=by,
        case_return=row,
    )
    engagement.write(
        row,
        lines={pk: x for pk, x in draft.entries.items() if engagement.key_of(pk) in keys},
        there=entries,
        by=by,
    )
    for kind, lines in new.items():
        points.add_lines(row.agency_return, kind=kind, lines=lines, by=by, case_return=row)
    return row


def _begun(row: CaseReturn, *, by: User) -> CaseReturn:
    """A case return with its first words is started, once; whoever wrote them is known."""
    of_agency = by.pk in User.objects.answering_for(row.agency_id).values_list("pk", flat=True)
    if row.auditor_id is None and of_agency:
        row.auditor = by
        row.save(update_fields=["auditor"])
    if not of_agency and not row.entered_from_paper:
        row.entered_from_paper = True
        row.save(update_fields=["entered_from_paper"])
    if row.stage == CaseReturnStage.NOT_STARTED:
        transition(row, "start", by=by)
        row.stage = CaseReturnStage.IN_PROGRESS
    return row


def _write_own(row: CaseReturn, draft: CaseReturnDraft, keys: set[str]) -> None:
    values: dict[str, object] = {
        name: words.strip() for name, words in draft.own.items() if name in keys
    }
    if "own_grade" in keys:
        values["own_grade"] = row.audit.grades.filter(code=draft.grade).first()
    if values:
        raise_revision(row, **values)


def _write_answers(
    row: CaseReturn, draft: CaseReturnDraft, keys: set[str], answers: Mapping[UUID, Answer]
) -> None:
    for pk, said in draft.answers.items():
        values = {
            name: words
            for name, key, words in (
                ("value", f"answer:{pk}", said.value),
                ("evidence", f"evidence:{pk}", said.evidence),
            )
            if key in keys
        }
        if not values:
            continue
        if pk in answers:
            raise_revision(answers[pk], **values)
        else:
            Answer.objects.create(case_return=row, question_id=pk, revision=1, **values)


@transaction.atomic
def finish(case_return: CaseReturn, *, by: User) -> CaseReturn:
    """Complete it, or return it as not known, as its first answer says. Raises GuardError."""
    name = "not-known" if case_return.known == Known.NO else "complete"
    return transition(case_return, name, by=by)


@transaction.atomic
def return_as_not_known(
    case_returns: Iterable[CaseReturn], *, by: User, how_checked: str
) -> list[CaseReturn]:
    """Answer “not known” for several cases at once. Raises ReturnClosedError."""
    done = []
    for case_return in case_returns:
        row = locked(case_return, by=by)
        raise_revision(row, known=Known.NO, not_known_reason=how_checked.strip())
        done.append(transition(_begun(row, by=by), "not-known", by=by))
    return done


def may_fill(case_return: CaseReturn, user: User) -> bool:
    """Whether this person writes in it: the agency's own people, or the officer from paper."""
    return any(
        user.may(permission, case_return.audit.partnership_id, case_return.agency_id)
        for permission in (Permission.ANSWER_RETURN, Permission.RUN_AUDIT)
    )
