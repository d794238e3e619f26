"""What a contributor answers about one case, written by whoever came by its link."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID
from zlib import crc32

from django.db import transaction
from django.utils import timezone

from agencies.domain import activity
from audits.domain import room
from audits.domain.case_returns import AnswerDraft
from audits.domain.contributor_links import standing_link
from audits.domain.drafts import Basis, Text, raise_revision, writable
from audits.models import (
    AgencyReturn,
    ContributorAnswer,
    ContributorLink,
    ContributorPoint,
    ContributorRequest,
    PointKind,
)

Stage = ContributorRequest.Stage
ANSWERS = "answers"
"""What the first question of the form says when there is something to tell."""
SAYS = {Stage.REPLIED: ANSWERS, Stage.HOLDS_NOTHING: "nothing", Stage.DECLINED: "declines"}
STAGES = {says: stage for stage, says in SAYS.items()}


@dataclass(frozen=True)
class ReplyDraft:
    """Everything the page about one case says.

    `says` is a key of `STAGES` or empty; `points` holds lines by kind; `final` is whether this
    is the answer or words to go on with later. Nothing held and declining are always final.
    """

    says: str
    reason: str = ""
    answers: Mapping[UUID, AnswerDraft] = field(default_factory=dict)
    points: Mapping[str, Iterable[str]] = field(default_factory=dict)
    final: bool = True

    def texts(self) -> dict[str, str]:
        texts = {"says": self.says, "reason": self.reason}
        for pk, answer in self.answers.items():
            texts[f"answer:{pk}"] = answer.value
            texts[f"evidence:{pk}"] = answer.evidence
        return texts | {f"points:{kind}": "\n".join(lines) for kind, lines in self.points.items()}


def texts_of(
    request: ContributorRequest,
    answers: Iterable[ContributorAnswer],
    points: Iterable[ContributorPoint],
) -> dict[str, Text]:
    """What stands in the database, under the same keys as a draft's texts.

    What has no revision of its own is known by what it says.
    """
    texts = {"says": said(SAYS.get(Stage(request.stage), "")), "reason": said(request.reason)}
    for answer in answers:
        texts[f"answer:{answer.question_id}"] = Text(answer.value, answer.revision)
        texts[f"evidence:{answer.question_id}"] = Text(answer.evidence, answer.revision)
    open_points = [point for point in points if not point.taken_over]
    for kind in PointKind.values:
        lines = [point.text for point in open_points if point.kind == kind]
        texts[f"points:{kind}"] = said("\n".join(lines))
    return texts


def said(words: str) -> Text:
    return Text(words, crc32(words.encode()))


@transaction.atomic
def save(
    request: ContributorRequest,
    *,
    by: ContributorLink,
    draft: ReplyDraft,
    basis: Basis,
    give_way: Collection[str] = (),
) -> ContributorRequest:
    """Write what changed and nothing else; texts whose keys give way stay as others left them.

    Raises LinkClosedError, NoRoomError, or ConflictError if somebody else changed the same texts.
    """
    row = _locked(request, by=by)
    answers = {answer.question_id: answer for answer in row.answers.all()}
    points = list(row.points.all())
    current = texts_of(row, answers.values(), points)
    mine = {key: words for key, words in draft.texts().items() if key not in give_way}
    # Saved for later, something to tell is not the answer yet: it changes no state.
    if draft.says == ANSWERS and not draft.final:
        del mine["says"]
    keys = writable(mine, current, basis)
    changed = {
        kind: _distinct(lines) for kind, lines in draft.points.items() if f"points:{kind}" in keys
    }
    _require_room(changed, points)
    _write_answers(row, draft, keys, answers)
    for kind, lines in changed.items():
        _write_points(row, kind, lines, points)
    if "says" not in give_way:
        _settle(row, draft, by=by, reason_changed="reason" in keys)
    return row


@transaction.atomic
def hold_nothing(requests: Iterable[ContributorRequest], *, by: ContributorLink) -> int:
    """Answer “we hold nothing” about several cases at once that nobody answered yet."""
    link = _standing(by)
    rows = list(
        ContributorRequest.objects.held_by(link)
        .owing()
        .select_for_update(of=("self",), no_key=True)
        .filter(pk__in=[request.pk for request in requests])
    )
    for row in rows:
        row.stage, row.answered_on = Stage.HOLDS_NOTHING, timezone.localdate()
    ContributorRequest.objects.bulk_update(rows, ["stage", "answered_on"])
    if rows:
        _record(link)
    return len(rows)


def _standing(by: ContributorLink) -> ContributorLink:
    """Locks the return before the link, as whoever withdraws a link does: a return that is
    being signed off waits for this, or this finds it closed."""
    AgencyReturn.objects.select_for_update(no_key=True).get(pk=by.agency_return_id)
    return standing_link(by)


def _locked(request: ContributorRequest, *, by: ContributorLink) -> ContributorRequest:
    link = _standing(by)
    return (
        ContributorRequest.objects.held_by(link)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=request.pk)
    )


def _write_answers(
    row: ContributorRequest,
    draft: ReplyDraft,
    keys: Collection[str],
    answers: Mapping[UUID, ContributorAnswer],
) -> None:
    for pk, answer in draft.answers.items():
        words = {"value": answer.value, "evidence": answer.evidence}
        named = {"value": f"answer:{pk}", "evidence": f"evidence:{pk}"}
        values = {name: words[name] for name, key in named.items() if key in keys}
        if values and pk in answers:
            raise_revision(answers[pk], **values)
        elif values:
            ContributorAnswer.objects.create(request=row, question_id=pk, revision=1, **values)


def _distinct(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))


def _require_room(changed: Mapping[str, list[str]], points: Collection[ContributorPoint]) -> None:
    wanted = {(kind, line): f"points:{kind}" for kind, lines in changed.items() for line in lines}
    there = {(point.kind, point.text) for point in points if not point.taken_over}
    new = [key for each, key in wanted.items() if each not in there]
    going = {each for each in there if each[0] in changed} - wanted.keys()
    room.for_reply(len(points) - len(going), keys=new)


def _write_points(
    row: ContributorRequest, kind: str, lines: list[str], points: Iterable[ContributorPoint]
) -> None:
    """One point a line; those the agency has taken over stay where they are."""
    there = [point for point in points if point.kind == kind and not point.taken_over]
    kept = {point.text: point for point in there}
    new, moved = [], []
    for position, line in enumerate(lines):
        point = kept.pop(line, None)
        if point is None:
            new.append(ContributorPoint(request=row, kind=kind, text=line, position=position))
        elif point.position != position:
            point.position = position
            moved.append(point)
    ContributorPoint.objects.bulk_create(new)
    ContributorPoint.objects.bulk_update(moved, ["position"])
    gone = [point.pk for point in there if point.text in kept]
    ContributorPoint.objects.filter(pk__in=gone).delete()


def _settle(
    row: ContributorRequest, draft: ReplyDraft, *, by: ContributorLink, reason_changed: bool
) -> None:
    stage = STAGES.get(draft.says)
    if stage is None or (stage == Stage.REPLIED and not draft.final):
        return
    if stage != Stage.DECLINED:
        row.reason = ""
    elif reason_changed:
        row.reason = draft.reason.strip()
    if stage != row.stage:
        row.stage, row.answered_on = stage, timezone.localdate()
        _record(by)
    row.save(update_fields=["stage", "reason", "answered_on"])


def _record(link: ContributorLink) -> None:
    """That a contributor answered; about which case, and what, stands with the answer."""
    activity.record(
        "answered as a contributor",
        by=None,
        partnership=link.agency_return.audit.partnership_id,
        subject=link.contributor,
        audit_id=link.agency_return.audit_id,
    )
