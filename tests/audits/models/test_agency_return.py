"""Which returns each role reads, row by row: a way left out of the query must open nothing."""

from itertools import chain, combinations

import pytest

from agencies.models import Agency, Partnership, User
from agencies.roles import Role
from audits.models import AgencyReturn, Audit, CaseReturn, ReturnStage, Stage
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    CaseReturnFactory,
    MembershipFactory,
    PartnershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

OWN, OTHER = "own", "other"
STAGES = (Stage.NOMINATING, Stage.COLLECTING, Stage.MEETING)
EVERYTHING = {(stage, whose) for stage in STAGES for whose in (OWN, OTHER)}
AT_MEETING = {(Stage.MEETING, OWN), (Stage.MEETING, OTHER)}
OWN_RETURNS = {(Stage.COLLECTING, OWN), (Stage.MEETING, OWN)}
READS: dict[Role, set[tuple[Stage, str]]] = {
    Role.OFFICER: EVERYTHING,
    Role.CHAIR: AT_MEETING,
    Role.AUDITOR: OWN_RETURNS | AT_MEETING,
    Role.LEAD: OWN_RETURNS | AT_MEETING,
    Role.MEMBER: AT_MEETING,
    Role.BOARD: set(),
    Role.ADMIN: set(),
}
NOT_IN_AN_AGENCY = {Role.OFFICER, Role.CHAIR, Role.BOARD, Role.ADMIN}
COMBINATIONS = list(chain.from_iterable(combinations(Role, size) for size in (0, 1, 2)))


class Ground:
    """Three audits of two agencies, and the same in another partnership."""

    def __init__(
        self,
        *,
        own_stage: ReturnStage = ReturnStage.SIGNED_OFF,
        other_stage: ReturnStage = ReturnStage.SIGNED_OFF,
    ) -> None:
        self.partnership: Partnership = PartnershipFactory()
        self.agencies: dict[str, Agency] = {
            whose: AgencyFactory(partnership=self.partnership) for whose in (OWN, OTHER)
        }
        for stage in STAGES:
            audit = AuditFactory(partnership=self.partnership, stage=stage, title=stage)
            self._ask(audit, self.agencies[OWN], own_stage)
            self._ask(audit, self.agencies[OTHER], other_stage)
            elsewhere = AuditFactory(stage=stage, title=f"Elsewhere, {stage}")
            there = AgencyFactory(partnership=elsewhere.partnership)
            self._ask(elsewhere, there, ReturnStage.SIGNED_OFF)

    def _ask(self, audit: Audit, agency: Agency, stage: ReturnStage) -> None:
        agency_return = AgencyReturnFactory(audit=audit, agency=agency, stage=stage)
        CaseReturnFactory(agency_return=agency_return, case=CaseFactory(audit=audit))

    def user(self, *roles: Role) -> User:
        user: User = UserFactory()
        for role in roles:
            agency = None if role in NOT_IN_AN_AGENCY else self.agencies[OWN]
            MembershipFactory(user=user, role=role, partnership=self.partnership, agency=agency)
        return user

    def read_by(self, user: User) -> set[tuple[Stage, str]]:
        """Audit (by its stage) and agency of each return; the same for agencies and for cases."""
        whole = AgencyReturn.objects.visible_to(user).values_list("audit__title", "agency")
        cases = CaseReturn.objects.visible_to(user).values_list("audit__title", "agency")
        assert sorted(whole) == sorted(cases)
        whose = {agency.pk: name for name, agency in self.agencies.items()}
        return {(Stage(title), whose[agency]) for title, agency in whole}


@pytest.mark.parametrize("roles", COMBINATIONS, ids=lambda roles: "+".join(roles) or "none")
def test_roles_add_up_and_open_nothing_else(roles: tuple[Role, ...]) -> None:
    ground = Ground()

    read = ground.read_by(ground.user(*roles))

    assert read == set().union(*(READS[role] for role in roles))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.LEAD, Role.MEMBER])
def test_others_are_read_only_once_ones_own_is_in(role: Role) -> None:
    ground = Ground(own_stage=ReturnStage.OPEN)

    read = ground.read_by(ground.user(role))

    assert read == (set() if role == Role.MEMBER else OWN_RETURNS)


@pytest.mark.parametrize("stage", ReturnStage)
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.LEAD, Role.MEMBER])
def test_what_another_agency_has_not_handed_in_is_its_own(role: Role, stage: ReturnStage) -> None:
    ground = Ground(other_stage=stage)

    read = ground.read_by(ground.user(role))

    is_in = stage in {ReturnStage.SIGNED_OFF, ReturnStage.NIL, ReturnStage.DECLINED}
    assert read == (READS[role] if is_in else READS[role] - {(Stage.MEETING, OTHER)})


@pytest.mark.parametrize(("role", "reads"), [(Role.OFFICER, EVERYTHING), (Role.CHAIR, AT_MEETING)])
def test_the_partnership_reads_what_was_excused_or_reopened_too(
    role: Role, reads: set[tuple[Stage, str]]
) -> None:
    for stage in (ReturnStage.EXCUSED, ReturnStage.OPEN):
        ground = Ground(other_stage=stage)
        assert ground.read_by(ground.user(role)) == reads


def test_who_is_deactivated_reads_nothing() -> None:
    ground = Ground()
    user = ground.user(Role.OFFICER)
    user.is_active = False
    user.save()

    assert ground.read_by(User.objects.get(pk=user.pk)) == set()


def test_audits_are_known_by_role_too() -> None:
    ground = Ground()
    known = {
        roles: set(Audit.objects.visible_to(ground.user(*roles)).values_list("stage", flat=True))
        for roles in ((), (Role.BOARD,), (Role.CHAIR,), (Role.LEAD,), (Role.LEAD, Role.OFFICER))
    }

    assert known == {
        (): set(),
        (Role.BOARD,): set(),
        (Role.CHAIR,): set(STAGES),
        (Role.LEAD,): set(STAGES),
        (Role.LEAD, Role.OFFICER): set(STAGES),
    }
