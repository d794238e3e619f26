from agencies.models.access_review import AccessReview, AccessReviewLine
from agencies.models.account_change import AccountChange
from agencies.models.activity import (
    Activity,
    ActivityChain,
    ActivityCheck,
    ActivityKind,
    AppendOnlyError,
)
from agencies.models.agency import Agency
from agencies.models.base import RandomIdModel
from agencies.models.body import Body
from agencies.models.contributor import Contributor
from agencies.models.invitation import Invitation, InvitationState
from agencies.models.membership import Membership
from agencies.models.outbox import MessageState, OutboxMessage
from agencies.models.partnership import Partnership
from agencies.models.signed_in import SignedIn
from agencies.models.user import AccountState, User
from agencies.models.work import TimetableEntry, Worker

__all__ = [
    "AccessReview",
    "AccessReviewLine",
    "AccountChange",
    "AccountState",
    "Activity",
    "ActivityChain",
    "ActivityCheck",
    "ActivityKind",
    "Agency",
    "AppendOnlyError",
    "Body",
    "Contributor",
    "Invitation",
    "InvitationState",
    "Membership",
    "MessageState",
    "OutboxMessage",
    "Partnership",
    "RandomIdModel",
    "SignedIn",
    "TimetableEntry",
    "User",
    "Worker",
]
