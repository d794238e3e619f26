"""What the page of an audit's cases puts together."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from agencies.models import Agency, User
from agencies.roles import Permission
from audits.domain.cases import loses_cases, takes_cases
from audits.domain.seals import standing_hold, takes_seal
from audits.models import Audit, Case, Draw, IdentityNotice, Nomination, Seal, Stage
from audits.reading.seals import SealPage


@dataclass(frozen=True)
class CaseRow:
    """One case; `reason` is empty for those who may not read why it was proposed."""

    case: Case
    came_in: str
    reason: str
    replaced_by: Case | None


@dataclass(frozen=True)
class Told:
    """One agency asked, and when it was told who the cases are."""

    agency: Agency
    notices: list[IdentityNotice]


@dataclass(frozen=True)
class DrawRow:
    draw: Draw
    repeat: str


@dataclass(frozen=True)
class CasesPage:
    rows: list[CaseRow]
    in_sample: int
    proposed: list[Nomination]
    own: list[Nomination]
    told: list[Told]
    seal: Seal | None
    is_held: bool
    may_seal: bool
    was_sealed: bool
    """And is no more: the page of the seal says what went, and who had looked."""
    draws: list[DrawRow]
    runs: bool
    nominates: bool
    takes_cases: bool
    loses_cases: bool


def cases_page(audit: Audit, user: User) -> CasesPage:
    runs = user.may(Permission.RUN_AUDIT, audit.partnership_id)
    nominations = list(
        Nomination.objects.visible_to(user)
        .filter(audit=audit)
        .select_related("by", "agency", "case")
    )
    readable = {nomination.pk for nomination in nominations}
    cases = list(
        Case.objects.visible_to(user)
        .filter(audit=audit)
        .select_related("nomination", "draw", "replaces")
    )
    seals = SealPage(audit, user).seals if runs else []
    seal = next((each for each in seals if each.stands), None)
    return CasesPage(
        rows=_rows(cases, readable),
        in_sample=sum(not case.is_withdrawn for case in cases),
        proposed=[each for each in nominations if each.is_proposed] if runs else [],
        own=[] if runs else nominations,
        told=_told(audit) if runs else [],
        seal=seal,
        may_seal=runs and seal is None and takes_seal(audit),
        was_sealed=bool(seals) and seal is None,
        is_held=seal is not None and standing_hold(audit) is not None,
        draws=_draws(audit.draws.select_related("by")) if runs else [],
        runs=runs,
        nominates=audit.stage == Stage.NOMINATING and may_nominate(audit, user),
        takes_cases=runs and takes_cases(audit),
        loses_cases=runs and loses_cases(audit),
    )


def may_nominate(audit: Audit, user: User) -> bool:
    return user.may_anywhere_in(Permission.NOMINATE, audit.partnership_id)


def _rows(cases: list[Case], readable: set[UUID]) -> list[CaseRow]:
    followed = {case.replaces_id: case for case in cases if case.replaces_id}
    return [
        CaseRow(
            case=case,
            came_in=_came_in(case),
            reason=case.nomination.reason
            if case.nomination and case.nomination_id in readable
            else "",
            replaced_by=followed.get(case.pk),
        )
        for case in cases
    ]


def _came_in(case: Case) -> str:
    if case.draw:
        words = f"Drawn at random, row {case.draw_row}"
    elif case.nomination_id:
        words = "Nominated"
    else:
        words = "Added by the officer"
    if case.replaces:
        words += f", in place of case {case.replaces.number}"
    return words


def _told(audit: Audit) -> list[Told]:
    notices: dict[object, list[IdentityNotice]] = {}
    for notice in audit.identity_notices.all():
        notices.setdefault(notice.agency_id, []).append(notice)
    agencies: QuerySet[Agency] = audit.agencies_asked.all()
    return [Told(agency, notices.get(agency.pk, [])) for agency in agencies]


def _draws(draws: Iterable[Draw]) -> list[DrawRow]:
    """Each draw with the line of Python that repeats it."""
    rows = []
    taken: dict[tuple[str, int], list[int]] = {}
    for draw in draws:
        before = taken.setdefault((draw.list_description, draw.list_size), [])
        rows.append(DrawRow(draw, repeat_with(draw, before)))
        before += draw.rows
    return rows


def repeat_with(draw: Draw, left_out: list[int]) -> str:
    rows = f"range(1, {draw.list_size + 1})"
    if left_out:
        rows = f"[row for row in {rows} if row not in {sorted(left_out)}]"
    return f"random.Random({draw.seed!r}).sample({rows}, {draw.sample_size})"
