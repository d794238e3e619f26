"""What a button does to a point or to a line of the chronology, from a page or by script.

A page says what is to be done as `do=ACTION:ID:KIND…`, so that it works without scripts; a
script sends the same to an address of its own and gets the answer as JSON.
"""

from dataclasses import asdict, dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest
from agencies.models import User
from audits.domain import engagement, points, removal
from audits.domain.drafts import ReturnClosedError
from audits.domain.leading import may_fill
from audits.domain.room import NoRoomError
from audits.models import CaseReturn, EngagementEntry, Point, PointKind, TextRevision
from audits.views.closed import CLOSED

STEPS = {"up": -1, "down": 1}
POINT_ACTIONS = {*STEPS, "list", "split", "remove", "undo"}
ENTRY_ACTIONS = {"remove", "undo"}
ADOPTED = "The meeting has adopted this point: take it out there first."
GONE = "It is there already: somebody brought it back."


@dataclass(frozen=True)
class Done:
    """What a person is told; `removed` names what can be brought back, `text` is what came back."""

    words: str = ""
    removed: str = ""
    text: str = ""
    refused: bool = False

    def tell(self, request: HttpRequest) -> None:
        if self.refused:
            messages.error(request, self.words)
        elif self.words and not self.removed:
            messages.success(request, self.words)


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def can_come_back(request: HttpRequest) -> dict[str, str]:
    """What the last button took out, so that the page can offer to bring it back."""
    kind, _, pk = request.GET.get("removed", "").partition(":")
    if kind not in ("point", "entry") or as_uuid(pk) is None:
        return {}
    return {"removed": kind, "removed_key": f"{kind}:{pk}"}


@dataclass(frozen=True)
class Place:
    """Where the page stands on which something is done: a case return, or a summative report."""

    return_id: UUID
    case_return_id: UUID | None


def tend_point(user: User, place: Place, do: str, rest: str) -> Done:
    """`rest` is the point's id and what the action needs; 404 for what is not there."""
    point_id, *words = rest.split(":")
    pk = as_uuid(point_id)
    if do not in POINT_ACTIONS or pk is None:
        raise Http404
    try:
        if do == "undo":
            return _bring_back_point(user, place, pk)
        return _act(user, _point(user, place, pk), do, words)
    except ReturnClosedError:
        return Done(CLOSED, refused=True)
    except NoRoomError as full:
        return Done(str(full), refused=True)


def _point(user: User, place: Place, pk: UUID) -> Point:
    return get_object_or_404(
        Point.objects.visible_to(user),
        agency_return=place.return_id,
        case_return=place.case_return_id,
        pk=pk,
    )


def _act(user: User, point: Point, do: str, words: list[str]) -> Done:
    kind, to, position = [*words, "", "", ""][:3]
    if do in STEPS:
        points.move(point, kind=kind, step=STEPS[do], by=user)
        return Done()
    if do == "list":
        if to not in PointKind.values:
            raise Http404
        at = int(position) if position.isdecimal() and len(position) < 5 else None
        points.place(point, kind=kind, to=to, position=at, by=user)
        return Done()
    if do == "split":
        made = points.split(point, kind=kind, by=user)
        more = f"{len(made)} more" if made else "no other"
        return Done(f"Each line is a point of its own: {more}.")
    try:
        removal.remove_point(point, by=user)
    except removal.PointAdoptedError:
        return Done(ADOPTED, refused=True)
    return Done("The point was removed.", removed=f"point:{point.pk}")


def _bring_back_point(user: User, place: Place, pk: UUID) -> Done:
    row = _removed(user, place, f"point:{pk}")
    try:
        point = removal.bring_back_point(row.agency_return, row.case_return, point_id=pk, by=user)
    except removal.NothingToBringBackError:
        return Done(GONE, refused=True)
    return Done("The point is back where it was.", text=point.text)


def _removed(user: User, place: Place, key: str) -> TextRevision:
    found = (
        TextRevision.objects.visible_to(user)
        .filter(
            agency_return=place.return_id,
            case_return=place.case_return_id,
            key=key,
            shape__isnull=False,
        )
        .select_related("agency_return", "case_return__agency_return")
        .last()
    )
    if found is None:
        raise Http404
    return found


def tend_entry(user: User, place: Place, do: str, rest: str) -> Done:
    """The same for a line of the chronology."""
    pk = as_uuid(rest)
    if do not in ENTRY_ACTIONS or pk is None:
        raise Http404
    try:
        if do == "undo":
            return _bring_back_entry(user, place, pk)
        removal.remove_entry(_entry(user, place, pk), by=user)
    except ReturnClosedError:
        return Done(CLOSED, refused=True)
    except NoRoomError as full:
        return Done(str(full), refused=True)
    return Done("The line was removed.", removed=engagement.key_of(pk))


def _entry(user: User, place: Place, pk: UUID) -> EngagementEntry:
    return get_object_or_404(
        EngagementEntry.objects.visible_to(user).select_related("case_return__agency_return"),
        case_return=place.case_return_id,
        pk=pk,
    )


def _bring_back_entry(user: User, place: Place, pk: UUID) -> Done:
    case_return = _removed(user, place, engagement.key_of(pk)).case_return
    if case_return is None:
        raise Http404
    try:
        removal.bring_back_entry(case_return, entry_id=pk, by=user)
    except removal.NothingToBringBackError:
        return Done(GONE, refused=True)
    return Done("The line is back.")


def tend(user: User, place: Place, do: str, rest: str) -> Done:
    """What a page's button asks for: `undo:point:ID`, `entry:remove:ID`, `up:ID:KIND`…"""
    if do == "entry":
        action, _, pk = rest.partition(":")
        return tend_entry(user, place, action, pk)
    if do == "undo" and rest.startswith("entry:"):
        return tend_entry(user, place, do, rest.removeprefix("entry:"))
    return tend_point(user, place, do, rest.removeprefix("point:"))


@require_POST
def case_return_tend(
    request: SignedInRequest, return_id: UUID, case_return_id: UUID
) -> HttpResponse:
    row = get_object_or_404(
        CaseReturn.objects.visible_to(request.user).select_related("audit"),
        pk=case_return_id,
        agency_return=return_id,
    )
    if not may_fill(row, request.user):
        raise PermissionDenied
    do, _, rest = request.POST.get("do", "").partition(":")
    asked = bool(do) and tend(request.user, Place(return_id, row.pk), do, rest)
    return JsonResponse(asdict(asked or Done("Nothing was asked for.", refused=True)))
