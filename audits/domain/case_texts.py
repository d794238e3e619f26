"""What one agency's audit of one case says, text by text: read under a lock, written, and kept."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.validators import slug_re
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from agencies.models import User
from agencies.roles import Permission
from audits.domain import engagement, points, room, sittings
from audits.domain.drafts import Basis, Conflict, ReturnClosedError, Text, changes, raise_revision
from audits.domain.leading import is_open, may_fill
from audits.domain.points import NewPoint
from audits.domain.revisions import Kept, keep, kept_before
from audits.domain.transitions import transition
from audits.models import (
    Answer,
    CaseReturn,
    CaseReturnStage,
    Correction,
    EngagementEntry,
    Point,
    Question,
    TextRevision,
)
from audits.questions import asked_of

# So many keys are looked up with the row itself; more than a save while writing ever names.
AT_ONCE = 100
SAID = {"value": "value", "evidence": "evidence", "revision": "revision"}
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
    """What a page of a case return says.

    `own` maps names of `OWN_FIELDS`, those that are asked for, to words; `grade` is a grade's
    code; `answers`, `points` and `entries` go by id. `begun` are new points, and some entries
    are new, to which the page gave an id; `new_points` are lines to add under a kind.
    Where `only` names keys, the draft is of these texts and says nothing of others.
    """

    own: Mapping[str, str]
    grade: str = ""
    answers: Mapping[UUID, AnswerDraft] = field(default_factory=dict)
    points: Mapping[UUID, str] = field(default_factory=dict)
    begun: Mapping[UUID, NewPoint] = field(default_factory=dict)
    entries: Mapping[UUID, engagement.Line] = field(default_factory=dict)
    new_points: Mapping[str, Iterable[str]] = field(default_factory=dict)
    only: Collection[str] | None = None

    def texts(self) -> dict[str, str]:
        """Each text under the key by which the page and its basis name it."""
        texts = {**self.own, "own_grade": self.grade}
        for pk, answer in self.answers.items():
            texts[f"answer:{pk}"] = answer.value
            texts[f"evidence:{pk}"] = answer.evidence
        texts |= {f"point:{pk}": each.text for pk, each in self.begun.items()}
        texts |= {f"point:{pk}": text for pk, text in self.points.items()}
        texts |= {engagement.key_of(pk): str(line) for pk, line in self.entries.items()}
        return {k: text for k, text in texts.items() if self.only is None or k in self.only}


@dataclass(frozen=True)
class Standing:
    """The rows behind a case return's texts, or those of them that a write is about."""

    row: CaseReturn
    answers: Mapping[UUID, Answer]
    points: Mapping[UUID, Point]
    entries: Mapping[UUID, EngagementEntry]

    @property
    def texts(self) -> dict[str, Text]:
        return texts_of(
            self.row, self.answers.values(), self.points.values(), self.entries.values()
        )


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


def hold(rows: QuerySet[CaseReturn], *, by: User, keys: Iterable[str] = ()) -> CaseReturn:
    """The one row of the queryset, locked, for somebody who may fill it in.

    It carries `kept_keys`: which of these keys have a history already. Raises DoesNotExist or
    PermissionDenied; whether it is still open is asked by `require_open`.
    """
    asked = sorted(set(keys))
    kept = {
        f"kept_{number}": Exists(TextRevision.objects.filter(case_return=OuterRef("pk"), key=key))
        for number, key in enumerate(asked[:AT_ONCE])
    }
    row = (
        rows.select_for_update(of=("self",), no_key=True)
        .select_related("agency_return", "case", "audit", "own_grade")
        .annotate(is_seated=sittings.seated(by), **kept)
        .get()
    )
    if not may_fill(row, by):
        raise PermissionDenied
    found = {key for key, name in zip(asked, kept, strict=False) if getattr(row, name)}
    vars(row)["kept_keys"] = found | kept_keys(row, asked[AT_ONCE:])
    return row


@dataclass(frozen=True)
class Asked:
    """A question put to the agency, with what was answered so far."""

    question: Question
    answer: Answer | None


def asked(row: CaseReturn, codes: Collection[str]) -> list[Asked]:
    """The questions of these codes that are put to this agency, in one query."""
    codes = [code for code in codes if slug_re.match(code)]
    if not codes:
        return []
    said = row.answers.filter(question=OuterRef("pk")).order_by()
    found = (
        asked_of(row.agency_id, row.audit.toolkit_id)
        .filter(code__in=codes)
        .annotate(said=Subquery(said.values(said=JSONObject(**SAID))))
    )
    return [Asked(each, _answer(row, each)) for each in found]


def _answer(row: CaseReturn, question: Question) -> Answer | None:
    said: dict[str, Any] | None = getattr(question, "said", None)
    return Answer(case_return=row, question=question, **said) if said else None


def kept_keys(row: CaseReturn, keys: Collection[str]) -> set[str]:
    """Which of these texts have a history already."""
    if not keys:
        return set()
    found = row.revisions.filter(key__in=keys).order_by().values_list("key", flat=True)
    return set(found.distinct())


def require_open(row: CaseReturn) -> None:
    """Raises ReturnClosedError where nothing may change any more."""
    if not is_open(row) or row.case.is_withdrawn or row.is_finished:
        raise ReturnClosedError


def locked(case_return: CaseReturn, *, by: User) -> CaseReturn:
    """The row, locked, for somebody who may fill it in.

    Raises PermissionDenied, or ReturnClosedError where nothing may change any more.
    """
    row = hold(CaseReturn.objects.filter(pk=case_return.pk), by=by)
    require_open(row)
    return row


def standing(row: CaseReturn) -> Standing:
    """Everything the case return says."""
    return Standing(
        row,
        {answer.question_id: answer for answer in row.answers.all()},
        {point.pk: point for point in row.points.all()},
        {entry.pk: entry for entry in row.engagement_entries.all()},
    )


def points_in(row: CaseReturn, ids: Collection[UUID]) -> dict[UUID, Point]:
    """Those of these points that there are. Raises PermissionDenied for one from elsewhere."""
    found = {point.pk: point for point in Point.objects.filter(pk__in=ids)} if ids else {}
    if any(point.case_return_id != row.pk for point in found.values()):
        raise PermissionDenied
    return found


def entries_in(row: CaseReturn, ids: Collection[UUID]) -> dict[UUID, EngagementEntry]:
    return {each.pk: each for each in row.engagement_entries.filter(pk__in=ids)} if ids else {}


def compare(
    draft: CaseReturnDraft, now: Standing, basis: Basis, give_way: Collection[str] = ()
) -> tuple[set[str], list[Conflict]]:
    """Keys to write, and conflicts; texts whose keys give way are neither."""
    current = now.texts
    mine = {
        key: text
        for key, text in draft.texts().items()
        if key not in give_way and _has_a_place(key, current, basis, draft)
    }
    write, conflicts = changes(mine, current, basis)
    return set(write), conflicts


def _has_a_place(
    key: str, current: Mapping[str, Text], basis: Basis, draft: CaseReturnDraft
) -> bool:
    """A point is there, was there when the page was read, or says where it is to be listed."""
    kind, _, pk = key.partition(":")
    return kind != "point" or key in current or key in basis.marks or UUID(pk) in draft.begun


def write(
    row: CaseReturn,
    *,
    by: User,
    draft: CaseReturnDraft,
    keys: set[str],
    now: Standing,
    correction: Correction | None = None,
    refused: dict[str, str] | None = None,
) -> list[Kept]:
    """Write the texts of these keys, which are settled, and keep what each said and now says.

    Returns what they now say. A correction changes words and nothing else: not who audits the
    case, not its stage. Where the case return is full, or the meeting adopted a point, `refused` is
    told of each text that is left out, and why; without it NoRoomError is raised.
    """
    if full := _not_now(row, draft, keys, now, is_correction=correction is not None):
        keys = room.leave_out(full, keys, refused)
    new = {kind: list(lines) for kind, lines in draft.new_points.items() if lines}
    if not keys and not any(new.values()):
        return []
    before = now.texts
    if correction is None:
        begun(row, by=by)
    said = [
        *_write_own(row, draft, keys),
        *_write_answers(row, draft, keys, now.answers),
        *_write_points(row, draft, keys, now.points, by=by),
        *engagement.write(
            row,
            lines={pk: line for pk, line in draft.entries.items() if f"entry:{pk}" in keys},
            there=now.entries,
            by=by,
        ),
    ]
    for kind, lines in new.items():
        points.add_lines(row.agency_return, kind=kind, lines=lines, by=by, case_return=row)
    unkept = keys - vars(row).get("kept_keys", set())
    keep(
        said,
        agency_return=row.agency_return,
        by=by,
        case_return=row,
        correction=correction,
        before=kept_before(before, unkept),
        is_seated=vars(row).get("is_seated"),
    )
    return said


def _not_now(
    row: CaseReturn, draft: CaseReturnDraft, keys: set[str], now: Standing, *, is_correction: bool
) -> dict[str, str]:
    """Texts that cannot be written, by their keys, and why."""
    fresh = {key: words for key, words in draft.texts().items() if key in keys - now.texts.keys()}
    adopted = {} if is_correction else points.adopted(row.audit, keys & now.texts.keys())
    return room.without_room(row, fresh) | adopted


def begun(row: CaseReturn, *, by: User) -> CaseReturn:
    """A case return with its first words is started, once; whoever wrote them is known."""
    of_agency = row.agency_id in by.agencies_with(Permission.ANSWER_RETURN)
    if row.auditor_id is None and of_agency:
        row.auditor = by
        row.save(update_fields=["auditor"])
    if not of_agency and not row.entered_from_paper:
        row.entered_from_paper = True
        row.save(update_fields=["entered_from_paper"])
    if row.stage == CaseReturnStage.NOT_STARTED:
        transition(row, "start", by=by)
        row.stage = CaseReturnStage.IN_PROGRESS
        vars(row)["is_seated"] = True
    return row


def _write_own(row: CaseReturn, draft: CaseReturnDraft, keys: set[str]) -> list[Kept]:
    said = {name: words.strip() for name, words in draft.own.items() if name in keys}
    values: dict[str, object] = {**said}
    if "own_grade" in keys:
        code = draft.grade
        values["own_grade"] = next((g for g in row.audit.grades.all() if g.code == code), None)
        said["own_grade"] = code
    if values:
        raise_revision(row, **values)
    return [Kept(key, words, row.revision) for key, words in said.items()]


def _write_answers(
    row: CaseReturn, draft: CaseReturnDraft, keys: set[str], there: Mapping[UUID, Answer]
) -> list[Kept]:
    """In one statement, however many they are and whether or not they are there yet."""
    changed, said = [], []
    for pk, answer in draft.answers.items():
        new = {
            f"{name}:{pk}": words
            for name, words in (("answer", answer.value), ("evidence", answer.evidence))
            if f"{name}:{pk}" in keys
        }
        if not new:
            continue
        old = there.get(pk) or Answer(question_id=pk)
        to = Answer(
            case_return=row,
            question_id=pk,
            value=new.get(f"answer:{pk}", old.value),
            evidence=new.get(f"evidence:{pk}", old.evidence),
            revision=old.revision + 1,
        )
        changed.append(to)
        said += [Kept(key, words, to.revision) for key, words in new.items()]
    Answer.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["case_return", "question"],
        update_fields=["value", "evidence", "revision"],
    )
    return said


def _write_points(
    row: CaseReturn,
    draft: CaseReturnDraft,
    keys: set[str],
    there: Mapping[UUID, Point],
    *,
    by: User,
) -> list[Kept]:
    """A point that somebody took out meanwhile, and whose writer wants it all the same, is
    listed where it was."""
    texts = {
        pk: text.strip()
        for pk, text in {
            **{pk: new.text for pk, new in draft.begun.items()},
            **draft.points,
        }.items()
        if f"point:{pk}" in keys
    }
    said = reword({there[pk]: text for pk, text in texts.items() if pk in there})
    absent = {pk: text for pk, text in texts.items() if pk not in there}
    if not absent:
        return said
    placed = {
        **points.last_places(row.revisions.all(), set(absent) - set(draft.begun)),
        **draft.begun,
    }
    new = {pk: replace(placed[pk], text=text) for pk, text in absent.items() if pk in placed}
    return said + points.begin(row.agency_return, new=new, by=by, case_return=row)


def reword(texts: Mapping[Point, str]) -> list[Kept]:
    """Give points new words, in one statement; for a save that holds the return's lock."""
    for point, text in texts.items():
        point.text = text
        point.revision += 1
    Point.objects.bulk_update(texts, ["text", "revision"])
    return [Kept(f"point:{point.pk}", text, point.revision) for point, text in texts.items()]
