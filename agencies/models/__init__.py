from agencies.models.activity import Activity, AppendOnlyError
from agencies.models.agency import Agency
from agencies.models.base import RandomIdModel
from agencies.models.body import Body
from agencies.models.contributor import Contributor
from agencies.models.invitation import Invitation
from agencies.models.membership import Membership
from agencies.models.partnership import Partnership
from agencies.models.user import User

__all__ = [
    "Activity",
    "Agency",
    "AppendOnlyError",
    "Body",
    "Contributor",
    "Invitation",
    "Membership",
    "Partnership",
    "RandomIdModel",
    "User",
]
