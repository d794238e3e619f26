"""Roles and what each may do, as code.

A role is a description and a set of permissions. A person holds roles through memberships;
roles add up inside one partnership and never across two.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models


class Permission(StrEnum):
    MANAGE_PEOPLE = "manage people"
    MANAGE_AGENCIES = "manage agencies"
    MANAGE_SETUP = "manage themes and toolkits"
    SEE_AUDITS = "see that audits exist and when they are due"
    SEE_STATES = "see the state of every return"
    SEE_RETURNS = "read every return at any time"
    SEE_RETURNS_FROM_MEETING = "read every return from the meeting on"
    SEE_SHARED_RETURNS = "read the other agencies’ returns once one’s own is in"
    SEE_AGREED = "read what the meeting agreed and the findings"
    SEE_ACTIVITY = "see who did what"
    SEE_MAIL = "see which mail waits or failed, and send it again"
    NOMINATE = "nominate cases"
    RUN_AUDIT = "set up and run audits"
    STEP_BACK = "take an audit a step back"
    ANSWER_RETURN = "fill in the agency’s case returns"
    LEAD_RETURN = "answer for the agency’s return"
    RUN_MEETING = "run the meeting"
    MODERATE = "agree grades"
    DRAFT = "write findings, actions and documents"
    PUBLISH = "approve and publish"
    READ_PUBLISHED = "read published documents"


class Role(models.TextChoices):
    AUDITOR = "auditor", "Agency auditor"
    LEAD = "lead", "Agency lead"
    OFFICER = "officer", "QA officer"
    CHAIR = "chair", "Chair of the QA sub-group"
    MEMBER = "member", "Sub-group member"
    BOARD = "board", "Board member"
    ADMIN = "admin", "System administrator"


@dataclass(frozen=True)
class RoleRule:
    description: str
    permissions: frozenset[Permission]
    in_agency: bool = False
    """Whether the role is held in one agency and reaches no further than that agency."""


P = Permission

_IN_AGENCY = {
    P.SEE_AUDITS,
    P.ANSWER_RETURN,
    P.SEE_SHARED_RETURNS,
    P.SEE_AGREED,
    P.READ_PUBLISHED,
}

ROLES: dict[Role, RoleRule] = {
    Role.AUDITOR: RoleRule(
        "Fills in returns for the cases their agency knows.",
        frozenset(_IN_AGENCY),
        in_agency=True,
    ),
    Role.LEAD: RoleRule(
        "Answers for their agency’s return: assigns cases, writes the summative report, signs off.",
        frozenset(_IN_AGENCY | {P.LEAD_RETURN, P.NOMINATE}),
        in_agency=True,
    ),
    Role.OFFICER: RoleRule(
        "Runs the audit: sets it up, chases returns, prepares the meeting, drafts both documents.",
        frozenset(
            {
                P.MANAGE_PEOPLE,
                P.MANAGE_AGENCIES,
                P.MANAGE_SETUP,
                P.SEE_AUDITS,
                P.SEE_STATES,
                P.SEE_RETURNS,
                P.SEE_AGREED,
                P.SEE_ACTIVITY,
                P.SEE_MAIL,
                P.NOMINATE,
                P.RUN_AUDIT,
                P.STEP_BACK,
                P.RUN_MEETING,
                P.MODERATE,
                P.DRAFT,
                P.READ_PUBLISHED,
            }
        ),
    ),
    Role.CHAIR: RoleRule(
        "Steers the audits, runs the meeting, agrees grades, approves publication.",
        frozenset(
            {
                P.SEE_AUDITS,
                P.SEE_STATES,
                P.SEE_RETURNS_FROM_MEETING,
                P.SEE_AGREED,
                P.SEE_ACTIVITY,
                P.NOMINATE,
                P.STEP_BACK,
                P.RUN_MEETING,
                P.MODERATE,
                P.DRAFT,
                P.PUBLISH,
                P.READ_PUBLISHED,
            }
        ),
    ),
    Role.MEMBER: RoleRule(
        "Nominates cases, attends the meeting, reads what it agreed.",
        frozenset({P.SEE_AUDITS, P.NOMINATE, P.SEE_SHARED_RETURNS, P.SEE_AGREED, P.READ_PUBLISHED}),
    ),
    Role.BOARD: RoleRule(
        "Finds, reads and downloads published documents, nothing else.",
        frozenset({P.READ_PUBLISHED}),
    ),
    Role.ADMIN: RoleRule(
        "Keeps the application running: agencies, people, retention. Sees no case content.",
        frozenset({P.MANAGE_PEOPLE, P.MANAGE_AGENCIES, P.SEE_ACTIVITY, P.SEE_MAIL}),
    ),
}


def roles_with(permission: Permission) -> list[Role]:
    return [role for role, rule in ROLES.items() if permission in rule.permissions]
