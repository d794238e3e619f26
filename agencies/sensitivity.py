"""What each field may give away, declared field by field; a new field must be placed too.

Screening, exports and retention ask here, so that nobody decides it a second time. Each app has
such a module, whose `FIELDS` names every field of its models.
"""

from enum import StrEnum


class Sensitivity(StrEnum):
    IDENTIFYING = "identifying"
    """Says who somebody is, points to a person, or opens their account."""
    FREE_TEXT = "free text"
    """Words that somebody typed, in which a name may have slipped."""
    SAFE = "safe"
    """Codes, dates, counts, names of organisations, links between rows."""


Declaration = dict[str, Sensitivity]


def declare(*, identifying: str = "", free_text: str = "", safe: str = "") -> Declaration:
    """The fields of one model, by their names with spaces between."""
    return {
        **dict.fromkeys(identifying.split(), Sensitivity.IDENTIFYING),
        **dict.fromkeys(free_text.split(), Sensitivity.FREE_TEXT),
        **dict.fromkeys(safe.split(), Sensitivity.SAFE),
    }


FIELDS: dict[str, Declaration] = {
    "Partnership": declare(
        free_text="immediate_risk_advice",
        safe="id short_name name subject_noun subject_noun_plural remind_days_before"
        " tell_lead_days_after tell_chair_days_after small_numbers_below second_factor_roles"
        " keep_identities_months access_review_due_on",
    ),
    "User": declare(
        identifying="email name password",
        safe="id last_login is_active second_factor_since closed_at locked_at vouched_at",
    ),
    "AccessReview": declare(
        identifying="begun_by completed_by", safe="id partnership begun_at completed_at"
    ),
    "AccessReviewLine": declare(
        identifying="user decided_by name email",
        safe="id review membership decision decided_at change role agency account second_factor"
        " starts_on ends_on last_signed_in",
    ),
    "AccountChange": declare(
        identifying="user by", free_text="reason", safe="id partnership kind at"
    ),
    "Activity": declare(
        identifying="by",
        safe="id chain number previous hash partnership audit_id agency_id at kind verb"
        " subject_type subject_id",
    ),
    "ActivityChain": declare(safe="key count hash opened opening"),
    "ActivityCheck": declare(safe="id at chains entries faults"),
    "Agency": declare(
        safe="id partnership short_name name kind contributor_noun contributor_noun_plural active"
    ),
    "Body": declare(safe="id partnership short_name name active"),
    "Contributor": declare(identifying="email", safe="id agency name active"),
    "Invitation": declare(
        identifying="user invited_by", safe="id sent_at accepted_at withdrawn_at"
    ),
    "Membership": declare(identifying="user", safe="id partnership role agency starts_on ends_on"),
    "OutboxMessage": declare(
        identifying="key to body calendar",
        free_text="subject",
        safe="id partnership template state written_at due_at attempts claimed_by claimed_at"
        " settled_at fault",
    ),
    "SignedIn": declare(
        identifying="session_key session_data user device",
        safe="ref began_at seen_at expire_date",
    ),
    "TimetableEntry": declare(safe="name last_due"),
    "Worker": declare(safe="name embedded started_at seen_at mail_failing_since mail_fault"),
}
