"""What the overview page of one audit puts together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from agencies.models import User
from agencies.roles import Permission
from audits.domain.guards import Missing, set_up_names_nobody
from audits.domain.transitions import AUDIT_TRANSITIONS, Transition, available
from audits.models import (
    FROM_COLLECTING,
    AgencyReturn,
    Audit,
    DateMove,
    Grade,
    Seal,
    Stage,
    StatusChange,
)

# Between officer and chair: what is not one's turn is no step that something is missing from.
IN_TURN = ("ask-for-approval", "send-back-draft")


@dataclass(frozen=True)
class Need:
    """One thing that is missing; `url` is where it is mended, if there is such a page."""

    sentence: str
    url: str


@dataclass(frozen=True)
class NextStep:
    name: str
    step: Transition
    url: str
    needs: list[Need]


@dataclass(frozen=True)
class Asked:
    """One agency asked; `state` is None where the reader may not know how far it is."""

    name: str
    state: str | None
    value: str


@dataclass(frozen=True)
class Happening:
    """One line of the history."""

    title: str
    when: Any
    who: str
    text: str


@dataclass(frozen=True)
class Overview:
    next_steps: list[NextStep]
    steps_back: list[NextStep]
    asked: list[Asked]
    dates: list[tuple[str, date | None]]
    notes: dict[str, str]
    history: list[Happening]
    case_count: int
    grades: list[Grade]
    predecessor: Audit | None
    runs: bool
    nominates: bool
    locked: bool
    changes_agencies: bool
    sees_history: bool
    stages: list[tuple[str, str]]
    seal: Seal | None
    """The last one begun, standing or destroyed."""
    to_mend: list[Need]
    """What stands in mails and must not, for whoever runs the audit and nobody else."""


def overview_of(audit: Audit, user: User) -> Overview:
    steps = [next_step(audit, name, step) for name, step in available(audit, user)]
    sees_history = user.may(Permission.SEE_STATES, audit.partnership_id)
    runs = user.may(Permission.RUN_AUDIT, audit.partnership_id)
    return Overview(
        next_steps=_next_steps(steps),
        steps_back=[each for each in steps if each.step.is_step_back],
        asked=_asked(audit, user),
        dates=dates_of(audit),
        notes=_notes(audit),
        history=_history(audit) if sees_history else [],
        case_count=audit.cases.in_sample().count(),
        grades=list(audit.grades.all()),
        predecessor=_predecessor(audit, user),
        runs=runs,
        nominates=audit.stage == Stage.NOMINATING
        and user.may_anywhere_in(Permission.NOMINATE, audit.partnership_id),
        locked=audit.is_locked,
        changes_agencies=not audit.has_reached(Stage.MEETING),
        sees_history=sees_history,
        stages=list(Stage.choices),
        seal=audit.seals.last(),
        to_mend=_to_mend(audit) if runs else [],
    )


def _to_mend(audit: Audit) -> list[Need]:
    """Texts of the set-up that say who somebody is, as far as that can be found out. Before the
    cases are circulated it is among what the next step still needs."""
    if not audit.has_reached(Stage.COLLECTING):
        return []
    found = [each for each in set_up_names_nobody(audit) if isinstance(each, Missing)]
    return needs_of(audit, found)


def _next_steps(steps: list[NextStep]) -> list[NextStep]:
    """The way on first, then what sends back; asking and answering each in its own turn."""
    onward = [each for each in steps if not each.step.is_step_back]
    open_now = [each for each in onward if not (each.name in IN_TURN and each.needs)]
    return sorted(open_now, key=lambda each: each.step.needs_reason)


def _predecessor(audit: Audit, user: User) -> Audit | None:
    """The audit this one follows, for those who may know of it."""
    if audit.predecessor_id is None:
        return None
    return Audit.objects.visible_to(user).filter(pk=audit.predecessor_id).first()


def next_step(audit: Audit, name: str, step: Transition) -> NextStep:
    url = reverse("audit-transition", kwargs={"audit_id": audit.pk, "name": name})
    return NextStep(name, step, url, needs_of(audit, step.guard(audit)))


def needs_of(audit: Audit, sentences: Sequence[str]) -> list[Need]:
    return [Need(sentence, _mending_url(audit, sentence)) for sentence in sentences]


def _mending_url(audit: Audit, sentence: str) -> str:
    if not isinstance(sentence, Missing):
        return ""
    of_toolkit = sentence.route.startswith("toolkit-")
    return reverse(sentence.route, args=[audit.toolkit_id if of_toolkit else audit.pk])


def dates_of(audit: Audit) -> list[tuple[str, date | None]]:
    return [(str(field.label), getattr(audit, field.value)) for field in DateMove.Field]


def _notes(audit: Audit) -> dict[str, str]:
    """The date by which each stage ends, beside it on the tracker."""
    ends = {
        Stage.NOMINATING: audit.nominate_by,
        Stage.COLLECTING: audit.return_by,
        Stage.MEETING: audit.meeting_on,
        Stage.DRAFTING: audit.report_by,
    }
    return {str(stage): date_format(day, "j M Y") for stage, day in ends.items() if day}


def _asked(audit: Audit, user: User) -> list[Asked]:
    rows = audit.agency_returns.select_related("agency")
    known = set(
        AgencyReturn.objects.states_visible_to(user)
        .filter(audit=audit, audit__stage__in=FROM_COLLECTING)
        .values_list("pk", flat=True)
    )
    return [
        Asked(
            name=row.agency.name,
            state=row.get_stage_display() if row.pk in known else None,
            value=row.stage,
        )
        for row in rows
    ]


def _history(audit: Audit) -> list[Happening]:
    changes = StatusChange.objects.filter(
        audit=audit, agency_return=None, case_return=None
    ).select_related("by")
    moves = audit.date_moves.select_related("by")
    lines = [
        Happening(_change_words(change), change.at, change.by.name, change.reason)
        for change in changes
    ] + [Happening(_move_words(move), move.at, move.by.name, move.reason) for move in moves]
    return sorted(lines, key=lambda line: line.when, reverse=True)


def _change_words(change: StatusChange) -> str:
    step = AUDIT_TRANSITIONS.get(change.transition)
    if step is None:
        return f"Moved to {Stage(change.to_stage).label.lower()}"
    return step.verb[0].upper() + step.verb[1:]


def _move_words(move: DateMove) -> str:
    def said(day: date | None) -> str:
        return date_format(day, "j F Y") if day else "no date"

    return f"{move.get_field_display()}: {said(move.from_date)} became {said(move.to_date)}"
