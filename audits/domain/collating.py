"""What an agency makes of its contributors' points: some become points of its own return."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from agencies.domain import activity
from agencies.models import Agency, User
from audits.domain import case_texts, points
from audits.domain.removal import remove_point
from audits.models import CaseReturn, ContributorPoint, ContributorRequest

VOWELS = "aeiou"


def in_their_words(text: str, agency: Agency) -> str:
    """The point as it reads in the return: with where it came from, but not from whom."""
    noun = agency.contributor_noun or "contributor"
    article = "an" if noun[:1].casefold() in VOWELS else "a"
    stem = text.strip()
    end = "." if stem.endswith(".") and not stem.endswith("..") else ""
    return f"{stem.removesuffix(end)} (from {article} {noun}){end}"


@transaction.atomic
def take_over(
    case_return: CaseReturn, *, by: User, chosen: Collection[UUID] | None = None
) -> list[ContributorPoint]:
    """Make points of the return of these, or of all that were sent in and are none yet.

    Raises PermissionDenied, or ReturnClosedError where nothing may change any more.
    """
    row = case_texts.locked(case_return, by=by)
    open_points = (
        ContributorPoint.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            request__case_return=row,
            request__stage=ContributorRequest.Stage.REPLIED,
            taken_over=False,
        )
        .order_by("request__contributor__name", "kind", "position")
    )
    if chosen is not None:
        open_points = open_points.filter(pk__in=chosen)
    by_kind: defaultdict[str, list[ContributorPoint]] = defaultdict(list)
    for each in open_points:
        by_kind[each.kind].append(each)
    if by_kind:
        case_texts.begun(row, by=by)
        _record("took over points of contributors", row, by=by)
    for kind, taken in by_kind.items():
        _make_points(row, kind, taken, by=by)
    return [each for taken in by_kind.values() for each in taken]


def _make_points(
    row: CaseReturn, kind: str, taken: Collection[ContributorPoint], *, by: User
) -> None:
    agency = Agency.objects.get(pk=row.agency_id)
    lines = [in_their_words(each.text, agency) for each in taken]
    made = points.add_lines(row.agency_return, kind=kind, lines=lines, by=by, case_return=row)
    for each, point in zip(taken, made, strict=True):
        each.taken_over, each.point = True, point
    ContributorPoint.objects.bulk_update(taken, ["taken_over", "point"])


@transaction.atomic
def put_back(case_return: CaseReturn, *, by: User, point_id: UUID) -> bool:
    """Undo taking one over; False if it was not. What was made of it goes, and can be brought
    back like any point.

    Raises ReturnClosedError, or PointAdoptedError if what the meeting agreed rests on it.
    """
    row = case_texts.locked(case_return, by=by)
    taken = (
        ContributorPoint.objects.select_for_update(of=("self",), no_key=True)
        .select_related("point")
        .filter(request__case_return=row, pk=point_id, taken_over=True)
        .first()
    )
    if taken is None:
        return False
    if taken.point is not None:
        remove_point(taken.point, by=by)
    taken.taken_over, taken.point = False, None
    taken.save(update_fields=["taken_over", "point"])
    _record("put a contributor's point back", row, by=by)
    return True


def _record(verb: str, row: CaseReturn, *, by: User) -> None:
    activity.record(
        verb,
        by=by,
        partnership=row.audit.partnership_id,
        subject=row,
        audit_id=row.audit_id,
    )
