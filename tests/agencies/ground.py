"""What the tests of pages about agencies and people stand on."""

from agencies.models import Agency, Body, Contributor, Membership, Partnership
from agencies.roles import Role
from tests.factories import (
    AgencyFactory,
    BodyFactory,
    ContributorFactory,
    PartnershipFactory,
    person,
)


class Ground:
    """A partnership with one of everything, and people who may and may not look."""

    def __init__(self) -> None:
        self.partnership: Partnership = PartnershipFactory()
        self.agency: Agency = AgencyFactory(
            partnership=self.partnership,
            short_name="ICB",
            contributor_noun="GP practice",
            contributor_noun_plural="GP practices",
        )
        self.body: Body = BodyFactory(partnership=self.partnership)
        self.contributor: Contributor = ContributorFactory(agency=self.agency)
        self.officer = person(Role.OFFICER, self.partnership, name="Olive")
        self.admin = person(Role.ADMIN, self.partnership, name="Ada")
        self.lead = person(Role.LEAD, self.agency, name="Lena")
        self.board = person(Role.BOARD, self.partnership, name="Bea")
        self.stranger = person(Role.OFFICER, PartnershipFactory(), name="Sam")
        self.membership: Membership = self.board.memberships.get()
