"""The people with whom the demonstration can be toured."""

from dataclasses import dataclass
from datetime import date

from agencies.models import Agency, Membership, Partnership, User
from agencies.roles import Role

HOST = "fenshire.example"


@dataclass(frozen=True)
class Account:
    local: str
    name: str
    role: Role
    agency: str = ""
    """Short name of the agency in which the role is held."""

    @property
    def email(self) -> str:
        return f"{self.local}@{HOST}"

    @property
    def described(self) -> str:
        place = f", {self.agency}" if self.agency else ""
        return f"{self.email:<36}{self.name} – {self.role.label}{place}"


ACCOUNTS = [
    Account("officer", "Priya Nair", Role.OFFICER),
    Account("chair", "Helen Ashworth", Role.CHAIR),
    Account("member", "Tom Berridge", Role.MEMBER),
    Account("board", "Ruth Okafor", Role.BOARD),
    Account("admin", "Daniel Marsh", Role.ADMIN),
    Account("lead.police", "Karen Whitlock", Role.LEAD, "Police"),
    Account("auditor.police", "Owen Pratt", Role.AUDITOR, "Police"),
    Account("lead.health", "Maria Lindqvist", Role.LEAD, "Community Health"),
    Account("auditor.health", "Grace Oyelaran", Role.AUDITOR, "Community Health"),
    Account("lead.commissioner", "Robert Amadi", Role.LEAD, "Commissioner"),
]


def open_accounts(partnership: Partnership, *, password: str, since: date) -> None:
    """Make or open each account with this password; running it again changes nothing."""
    agencies = {agency.short_name: agency for agency in partnership.agencies.all()}
    for account in ACCOUNTS:
        user, _ = User.objects.get_or_create(email=account.email, defaults={"name": account.name})
        if not user.is_active or not user.check_password(password):
            user.is_active = True
            user.set_password(password)
            user.save()
        _hold_role(user, account, partnership, agencies, since)


def _hold_role(
    user: User,
    account: Account,
    partnership: Partnership,
    agencies: dict[str, Agency],
    since: date,
) -> None:
    Membership.objects.get_or_create(
        user=user,
        partnership=partnership,
        role=account.role,
        agency=agencies[account.agency] if account.agency else None,
        defaults={"starts_on": since},
    )
