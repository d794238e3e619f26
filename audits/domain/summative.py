"""Writing the summative report: an overview, points without a case, restorative actions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from agencies.models import User
from audits.domain import case_texts, points, restorative, room, sittings
from audits.domain.drafts import (
    Basis,
    Conflict,
    ConflictError,
    ReturnClosedError,
    Text,
    changes,
    raise_revision,
)
from audits.domain.leading import is_open, may_lead
from audits.domain.points import NewPoint
from audits.domain.restorative import RestorativeDraft
from audits.domain.revisions import Kept, keep, keep_first
from audits.domain.screened import with_kit
from audits.models import AgencyReturn, Point, RestorativeAction


@dataclass(frozen=True)
class SummativeDraft:
    """What the page says. `begun` are new points to which the page gave an id; `actions`
    without a pk are new. Where `only` names keys, the draft is of these texts alone."""

    overview: str
    points: Mapping[UUID, str] = field(default_factory=dict)
    begun: Mapping[UUID, NewPoint] = field(default_factory=dict)
    new_points: Mapping[str, Iterable[str]] = field(default_factory=dict)
    actions: Iterable[RestorativeDraft] = ()
    only: Collection[str] | None = None

    def texts(self) -> dict[str, str]:
        texts = {"overview": self.overview}
        texts |= {f"point:{pk}": each.text for pk, each in self.begun.items()}
        texts |= {f"point:{pk}": text for pk, text in self.points.items()}
        texts |= {restorative.key_of(each.pk): str(each) for each in self.actions if each.pk}
        return {k: text for k, text in texts.items() if self.only is None or k in self.only}


@dataclass(frozen=True)
class Standing:
    row: AgencyReturn
    points: Mapping[UUID, Point]
    actions: Mapping[int, RestorativeAction]

    @property
    def texts(self) -> dict[str, Text]:
        return summative_texts(self.row, self.points.values(), self.actions.values())


def summative_texts(
    agency_return: AgencyReturn,
    returned: Iterable[Point],
    actions: Iterable[RestorativeAction] = (),
) -> dict[str, Text]:
    texts = {"overview": Text(agency_return.overview, agency_return.revision)}
    texts |= {f"point:{each.pk}": Text(each.text, each.revision) for each in returned}
    return texts | restorative.texts(actions)


def summative_points(agency_return: AgencyReturn) -> dict[UUID, Point]:
    return {point.pk: point for point in agency_return.points.filter(case_return=None)}


def hold(rows: QuerySet[AgencyReturn], *, by: User) -> AgencyReturn:
    """The one row of the queryset, locked, for somebody who may lead it."""
    held = rows.select_for_update(of=("self",), no_key=True).select_related("audit")
    row = held.annotate(is_seated=sittings.seated(by)).get()
    if not may_lead(row, by):
        raise PermissionDenied
    return row


@transaction.atomic
def save_summative(
    agency_return: AgencyReturn,
    *,
    by: User,
    draft: SummativeDraft,
    basis: Basis,
    give_way: Collection[str] = (),
) -> AgencyReturn:
    """Write what changed of the summative report; texts whose keys give way stay as they are.

    Raises ReturnClosedError, ConflictError, NoRoomError, or PermissionDenied for the id of a point
    from elsewhere.
    """
    row = hold(AgencyReturn.objects.filter(pk=agency_return.pk), by=by)
    if not is_open(row):
        raise ReturnClosedError
    _points_in(row, draft.begun)
    now = _standing(row)
    keys, conflicts = _compare(draft, now, basis, give_way)
    if conflicts:
        raise ConflictError(conflicts)
    _write(row, by=by, draft=draft, keys=keys, now=now)
    return row


class Sent(Protocol):
    """A few texts of the report, as a page sent them while somebody was writing."""

    @property
    def basis(self) -> Basis: ...
    @property
    def point_ids(self) -> Collection[UUID]: ...
    def summative_draft(self) -> SummativeDraft: ...


@dataclass(frozen=True)
class Saved:
    """As for a case return; `said` is what was written, new actions under their new keys."""

    row: AgencyReturn
    texts: dict[str, Text]
    conflicts: list[Conflict]
    said: list[Kept]
    refused: dict[str, str]


@transaction.atomic
def save_sent(rows: QuerySet[AgencyReturn], *, by: User, sent: Sent) -> Saved:
    """As for a case return: save what can be saved, and hand back the rest as conflicts."""
    row = hold(with_kit(rows, audit="audit", agency_return="pk"), by=by)
    if not is_open(row):
        raise ReturnClosedError
    draft = sent.summative_draft()
    asked = draft.texts()
    new = [each for each in draft.actions if each.pk is None and str(each)]
    now = _standing(row) if draft.actions else _points_alone(row, sent.point_ids)
    keys, conflicts = _compare(draft, now, sent.basis)
    before = now.texts
    refused: dict[str, str] = {}
    said = _write(row, by=by, draft=draft, keys=keys, now=now, refused=refused)
    after = before | {each.key: _now(each) for each in said}
    made = {str(each) for each in new}
    twins = {key for key, text in after.items() if key.startswith("action:") and text.words in made}
    wanted = {*asked, *(each.key for each in said), *twins}
    return Saved(row, {key: after[key] for key in wanted if key in after}, conflicts, said, refused)


def _now(kept: Kept) -> Text:
    """What was taken out says nothing any more, and may be written afresh."""
    return Text("", 0) if kept.shape else Text(kept.words, kept.revision)


def _standing(row: AgencyReturn) -> Standing:
    actions = {action.pk: action for action in row.restorative_actions.all()}
    return Standing(row, summative_points(row), actions)


def _points_alone(row: AgencyReturn, ids: Collection[UUID]) -> Standing:
    return Standing(row, _points_in(row, ids), {})


def _points_in(row: AgencyReturn, ids: Collection[UUID]) -> dict[UUID, Point]:
    """Those of these points that there are. Raises PermissionDenied for one from elsewhere."""
    found = {point.pk: point for point in Point.objects.filter(pk__in=ids)} if ids else {}
    if any(each.agency_return_id != row.pk or each.case_return_id for each in found.values()):
        raise PermissionDenied
    return found


def _compare(
    draft: SummativeDraft, now: Standing, basis: Basis, give_way: Collection[str] = ()
) -> tuple[set[str], list[Conflict]]:
    current = now.texts
    mine = {
        key: text
        for key, text in draft.texts().items()
        if key not in give_way
        and (not key.startswith("point:") or _has_a_place(key, current, basis, draft))
    }
    write, conflicts = changes(mine, current, basis)
    return set(write), conflicts


def _has_a_place(
    key: str, current: Mapping[str, Text], basis: Basis, draft: SummativeDraft
) -> bool:
    return key in current or key in basis.marks or UUID(key.partition(":")[2]) in draft.begun


def _write(
    row: AgencyReturn,
    *,
    by: User,
    draft: SummativeDraft,
    keys: set[str],
    now: Standing,
    refused: dict[str, str] | None = None,
) -> list[Kept]:
    """As for a case return, so for what there is no room for; a new action goes by `row_of`."""
    full = _without_room(row, draft, keys, now)
    full |= points.adopted(row.audit, keys & now.texts.keys())
    if full:
        keys = room.leave_out(full, keys, refused)
    before = now.texts
    changed = {key: before[key] for key in keys if key in before}
    if changed:
        keep_first(changed, row)
    said = []
    if "overview" in keys:
        raise_revision(row, overview=draft.overview.strip())
        said.append(Kept("overview", row.overview, row.revision))
    said += _write_points(row, draft, keys, now.points, by=by)
    actions = [
        each
        for each in draft.actions
        if (each.pk is None and restorative.row_of(each) not in full)
        or restorative.key_of(each.pk) in keys
    ]
    said += restorative.write(row, actions, now.actions)
    for kind, lines in draft.new_points.items():
        points.add_lines(row, kind=kind, lines=lines, by=by)
    keep(said, agency_return=row, by=by, is_seated=vars(row).get("is_seated"))
    return said


def _without_room(
    row: AgencyReturn, draft: SummativeDraft, keys: set[str], now: Standing
) -> dict[str, str]:
    new = [
        key
        for key, text in draft.texts().items()
        if key in keys - now.texts.keys() and text.strip()
    ]
    new_points = [key for key in new if key.startswith("point:")]
    settled = [each for each in draft.actions if restorative.key_of(each.pk) in keys]
    staying = restorative.words_after(settled, now.actions)
    rows = [each for each in draft.actions if each.pk is None and str(each)]
    actions = [restorative.row_of(each) for each in rows if str(each) not in staying.values()]
    return room.refused_by(lambda: room.for_points(row, None, keys=new_points)) | room.refused_by(
        lambda: room.for_actions(len(staying), keys=actions)
    )


def _write_points(
    row: AgencyReturn,
    draft: SummativeDraft,
    keys: set[str],
    there: Mapping[UUID, Point],
    *,
    by: User,
) -> list[Kept]:
    drafted = {pk: new.text for pk, new in draft.begun.items()} | dict(draft.points)
    texts = {pk: text.strip() for pk, text in drafted.items() if f"point:{pk}" in keys}
    said = case_texts.reword({there[pk]: text for pk, text in texts.items() if pk in there})
    absent = {pk: text for pk, text in texts.items() if pk not in there}
    if not absent:
        return said
    history = row.revisions.filter(case_return=None)
    placed = {**points.last_places(history, set(absent) - set(draft.begun)), **draft.begun}
    new = {pk: replace(placed[pk], text=text) for pk, text in absent.items() if pk in placed}
    return said + points.begin(row, new=new, by=by)
