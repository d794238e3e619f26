"""What a page about actions needs to know besides the rows."""

from dataclasses import dataclass

from agencies.models import User
from agencies.roles import Permission
from audits.domain.actions import REPORTED_AT
from audits.domain.writing import MEETING_AND_DRAFTING
from audits.models import Action, Finding, Section
from audits.reading.findings import NUMBERS


@dataclass(frozen=True)
class ActionRights:
    """`edits`: what it says. `reports`: how far it is. `carries_over`: leaving it unfinished."""

    edits: bool
    reports: bool
    carries_over: bool


def rights_over(action: Action, user: User) -> ActionRights:
    audit = action.audit
    drafts = user.may(Permission.DRAFT, audit.partnership_id)
    owns = action.owner_agency_id is not None and user.may(
        Permission.LEAD_RETURN, audit.partnership_id, action.owner_agency_id
    )
    running = audit.stage in REPORTED_AT
    return ActionRights(
        edits=drafts and audit.stage in MEETING_AND_DRAFTING,
        reports=running and (drafts or owns),
        carries_over=running and drafts,
    )


def printed_in(action: Action, user: User) -> list[tuple[str, str]]:
    """The findings an action answers that the user may read, with the sections each prints in.

    The agency that owns an action sees the action, whatever became of its return; findings it
    sees only once it may see the others'.
    """
    lines = []
    answered = Finding.objects.visible_to(user).filter(actions=action)
    for finding in answered.prefetch_related("placements"):
        sections = dict.fromkeys(
            NUMBERS[Section(placement.section)] for placement in finding.placements.all()
        )
        lines.append((finding.text, ", ".join(sections)))
    return lines
