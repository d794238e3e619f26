"""Which rows a person may be given, asked of the querysets themselves.

Pages narrow what they are given: to the partnership in the header, to one audit, to one return. So
that every queryset which starts from what a person may see holds by itself, each is asked as
everybody, and may give no row beyond those of `WHOSE`. What is written there comes from the privacy
rules and not from the querysets.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils import timezone

from agencies.models import Agency, User
from audits.models import Audit, ContributorLink, Stage
from tests.contracts.privacy import (
    EVERYBODY_ASKED,
    FROM_MEETING,
    PEOPLE_OF,
    READERS_OF_DOCUMENTS,
    handed_in,
    readers,
)
from tests.contracts.walking import ROLES
from tests.scenario import HOLDERS, Scenario

SCOPES = re.compile(r"(\w*visible_to|managed_by|editable_by|drafted_by|held_by|sent_back_to)$")
APPS = ("agencies", "audits", "reports")
EVERYBODY = set(ROLES) - {"foreign", "leaver"}
MANAGERS = {"officer", "admin"}
OFFICER = {"officer"}
SEE_AUDITS = EVERYBODY - {"board", "admin"}
BEFORE_COLLECTING = {Stage.PLANNED, Stage.NOMINATING}


@dataclass(frozen=True)
class Row:
    """What decides about one row: its audit's stage, whose it is, and what else is asked for."""

    stage: str
    whose: str
    more: tuple[Any, ...]

    @property
    def people(self) -> set[str]:
        """Those who fill in the return of its agency, once there is something to fill in."""
        begun = self.stage not in BEFORE_COLLECTING
        return PEOPLE_OF.get(self.whose, set()) if begun else set()


type Rule = Callable[[Row], set[str]]


@dataclass(frozen=True)
class Scope:
    """Paths from a row to its partnership, audit and agency, and who may be given it at most."""

    partnership: str
    rule: Rule
    audit: str = ""
    agency: str = ""
    more: tuple[str, ...] = ()


def _always(roles: set[str]) -> Rule:
    return lambda _row: roles


def _returned(row: Row) -> set[str]:
    unopened = PEOPLE_OF.get(row.whose, set()) - row.people
    return readers(row.stage, "returned", row.whose) - unopened


def _agreed(row: Row) -> set[str]:
    return readers(row.stage, "agreed", row.whose or "meeting")


def _kind(kind: str) -> Rule:
    return lambda row: readers(row.stage, kind, row.whose)


def _asked(row: Row) -> set[str]:
    """Who was asked knows of an audit that is no longer planned."""
    return {"officer", "chair", "member"} | (
        set() if row.stage == Stage.PLANNED else EVERYBODY_ASKED
    )


def _actions(row: Row) -> set[str]:
    """Nobody but the officer, who sees all, knows of one before there was a meeting."""
    return readers(row.stage, "action", row.whose) if row.stage in FROM_MEETING else OFFICER


def _of_link(row: Row) -> set[str]:
    """Asked as the first holder of a link, whoever plays them: its own and no others."""
    contributor, withdrawn_at = row.more
    is_held = contributor == HOLDERS[0] and row.stage == Stage.COLLECTING and not withdrawn_at
    return set(ROLES) if is_held else set()


def _cases(row: Row) -> set[str]:
    begun = set() if row.stage in BEFORE_COLLECTING else EVERYBODY_ASKED
    return {"officer", "chair", "member"} | begun


def _points(row: Row) -> set[str]:
    is_agreed, agency = row.more
    if not is_agreed:
        return _returned(row)
    if row.stage not in FROM_MEETING:
        return _returned(row) if agency else set()
    return _agreed(row)


def _writers(row: Row) -> set[str]:
    return (row.people | OFFICER) if row.more == ("open",) else set()


def _sent_back(row: Row) -> set[str]:
    """An auditor's own, while the return is open, until the meeting is over."""
    auditor, stage, step = row.more
    still = row.stage in {Stage.COLLECTING, Stage.MEETING} and stage == "open"
    still = still and step == "send-back"
    return {auditor} & row.people if still else set()


def _looking(row: Row) -> set[str]:
    """Agencies that still look for the children; nobody but the officer for who was withdrawn."""
    still = EVERYBODY_ASKED - handed_in(row.stage) if row.stage == Stage.COLLECTING else set()
    return OFFICER | (still if not any(row.more) else set())


def _activity(row: Row) -> set[str]:
    lead = PEOPLE_OF.get(row.whose, set()) - {"auditor"}
    return {"officer", "chair", "admin"} | (lead if any(row.more) else set())


def _by(row: Row) -> set[str]:
    return {"officer", *row.more}


_OF_AUDIT = ("audit__partnership", "audit")
_OF_RETURN = ("agency_return__audit__partnership", "agency_return__audit", "agency_return__agency")

WHOSE: dict[str, Scope] = {
    "AccessReview.visible_to": Scope("partnership", _always(MANAGERS)),
    "AccountChange.visible_to": Scope("partnership", _always(MANAGERS)),
    "Action.visible_to": Scope(_OF_AUDIT[0], _actions, "audit", "owner_agency"),
    "Activity.visible_to": Scope("partnership", _activity, agency="agency_id", more=("audit_id",)),
    "Agency.managed_by": Scope("partnership", _always(MANAGERS)),
    "Agency.visible_to": Scope("partnership", _always(EVERYBODY)),
    "AgencyReturn.states_visible_to": Scope(
        _OF_AUDIT[0], lambda row: row.people | {"officer", "chair"}, "audit", "agency"
    ),
    "AgencyReturn.visible_to": Scope(_OF_AUDIT[0], _returned, "audit", "agency"),
    "Audit.agreed_visible_to": Scope("partnership", _agreed, "pk"),
    "Audit.visible_to": Scope("partnership", _asked, "pk"),
    "Body.visible_to": Scope("partnership", _always(EVERYBODY)),
    "Case.visible_to": Scope(_OF_AUDIT[0], _cases, "audit"),
    "CaseReturn.editable_by": Scope(
        _OF_AUDIT[0], _writers, "audit", "agency", ("agency_return__stage",)
    ),
    "CaseReturn.sent_back_to": Scope(
        _OF_AUDIT[0],
        _sent_back,
        "audit",
        "agency",
        ("auditor", "agency_return__stage", "status_changes__transition"),
    ),
    "CaseReturn.visible_to": Scope(_OF_AUDIT[0], _returned, "audit", "agency"),
    "Concern.visible_to": Scope(_OF_AUDIT[0], _kind("concern"), "audit", "agency"),
    "Contributor.visible_to": Scope(
        "agency__partnership", lambda row: row.people | MANAGERS, agency="agency"
    ),
    "ContributorRequest.held_by": Scope(
        "case_return__audit__partnership",
        _of_link,
        "case_return__audit",
        more=("contributor", "case_return__case__withdrawn_at"),
    ),
    "Correction.visible_to": Scope(_OF_RETURN[0], _returned, *_OF_RETURN[1:]),
    "Document.visible_to": Scope(_OF_AUDIT[0], _always(READERS_OF_DOCUMENTS)),
    "EngagementEntry.visible_to": Scope(
        "case_return__audit__partnership", _returned, "case_return__audit", "case_return__agency"
    ),
    "Finding.visible_to": Scope(_OF_AUDIT[0], _agreed, "audit"),
    "FindingPlacement.visible_to": Scope("finding__audit__partnership", _agreed, "finding__audit"),
    "IdentityView.visible_to": Scope("seal__audit__partnership", _always(OFFICER)),
    "Invitation.visible_to": Scope("user__memberships__partnership", _always(MANAGERS)),
    "LearningTheme.managed_by": Scope("partnership", _always(OFFICER)),
    "LearningTheme.visible_to": Scope("partnership", _always(EVERYBODY)),
    "LegalHold.visible_to": Scope(_OF_AUDIT[0], _always(OFFICER)),
    "Membership.managed_by": Scope("partnership", _always(MANAGERS)),
    "Nomination.visible_to": Scope(_OF_AUDIT[0], _by, "audit", more=("by",)),
    "OutboxMessage.visible_to": Scope("partnership", _always(MANAGERS)),
    "Partnership.visible_to": Scope("pk", _always(EVERYBODY)),
    "Point.visible_to": Scope(
        _OF_AUDIT[0], _points, "audit", "agency", ("placements__agreed", "agency")
    ),
    "ScreeningDecision.visible_to": Scope(
        _OF_AUDIT[0],
        lambda row: _returned(row) if row.whose else {"officer", "chair"},
        "audit",
        "agency_return__agency",
    ),
    "Seal.visible_to": Scope(_OF_AUDIT[0], _looking, "audit"),
    "SealedIdentity.visible_to": Scope(
        "seal__audit__partnership", _looking, "seal__audit", more=("case__withdrawn_at",)
    ),
    "SignedIn.visible_to": Scope(
        "user__memberships__partnership",
        lambda row: {row.more[0]} if row.more[1] > timezone.now() else set(),
        more=("user", "expire_date"),
    ),
    "TextRevision.visible_to": Scope(_OF_RETURN[0], _returned, *_OF_RETURN[1:]),
    "Theme.managed_by": Scope("partnership", _always(OFFICER)),
    "Theme.visible_to": Scope("partnership", _always(SEE_AUDITS)),
    "TimeRequest.visible_to": Scope(_OF_RETURN[0], _kind("asked"), *_OF_RETURN[1:]),
    "Toolkit.visible_to": Scope("partnership", _always(OFFICER)),
    "User.managed_by": Scope("memberships__partnership", _always(MANAGERS)),
}


def scopes() -> Iterator[tuple[str, type[Model]]]:
    """Every method of a queryset that starts from what somebody may see."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            rows = model._default_manager.all()
            for name in dir(type(rows)):
                if SCOPES.match(name):
                    yield f"{model.__name__}.{name}", model


@dataclass
class Rows:
    """The rows of one scenario; who may be given which is worked out once."""

    scenario: Scenario

    def __post_init__(self) -> None:
        self.models = dict(scopes())
        self.allowed: dict[str, dict[Any, set[str]]] = {}
        self.stages = dict(Audit.objects.values_list("pk", "stage"))
        self.agencies = dict(Agency.objects.values_list("pk", "short_name"))
        self.roles = {person.pk: role for role, person in self.scenario.people.items()}
        self.roles |= {link.contributor_id: name for name, link in self.scenario.links.items()}

    def beyond(self, name: str, role: str) -> str:
        """What is given to this person and should not be; empty if nothing is."""
        if name not in self.allowed:
            self.allowed[name] = self._allowed(name)
        model, method = self.models[name], name.partition(".")[2]
        by: User | ContributorLink = User.objects.get(pk=self.scenario.people[role].pk)
        if method == "held_by":
            by = self.scenario.links[HOLDERS[0]]
        given: QuerySet[Any] = getattr(model._default_manager.all(), method)(by)
        wrong = [
            pk
            for pk in given.order_by().values_list("pk", flat=True)
            if role not in self.allowed[name].get(pk, set())
        ]
        return f"is given {len(wrong)} rows that are not theirs" if wrong else ""

    def _allowed(self, name: str) -> dict[Any, set[str]]:
        """A row that is met more than once goes to whom any of its meetings lets have it."""
        scope, model = WHOSE[name], self.models[name]
        names = ["pk", scope.partnership, scope.audit or "pk", scope.agency or "pk", *scope.more]
        found: dict[Any, set[str]] = {}
        for pk, partnership, audit, agency, *more in model._default_manager.values_list(*names):
            row = Row(
                self.stages.get(audit, ""),
                self.agencies.get(agency, ""),
                tuple(self.roles.get(each, each) for each in more),
            )
            is_home = partnership == self.scenario.partnership.pk
            whose = scope.rule(row) if is_home else {"foreign"} if partnership else set()
            found.setdefault(pk, set()).update(whose)
        return found
