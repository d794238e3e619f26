"""What a file leaves out, with the reason. Everything else about an audit is carried.

A contract test reads this: a model or a field that is added must be carried or be named here.
"""

_ROW = "a timestamp or an id of the row, which each database gives anew"
_REVISION = "counts the changes made in one database"
_LOOSE = "how the file is loaded decides it: people come as accounts that cannot sign in"

MODELS_LEFT_OUT = {
    "agencies.AccessReview": "who may come into this database, and who looked at that",
    "agencies.AccessReviewLine": "who may come into this database, and who looked at that",
    "agencies.AccountChange": "belongs to an account, not to an audit",
    "agencies.Activity": "who did what in this database; it is appended to and never brought in",
    "agencies.ActivityChain": "where the chains of this database's activity end",
    "agencies.ActivityCheck": "what came of checking this database's activity",
    "agencies.Invitation": "belongs to an account, not to an audit",
    "agencies.Membership": "what a person may do is decided where the file is loaded",
    "agencies.OutboxMessage": "mail on its way from this database; its words are gone once sent",
    "agencies.SignedIn": "who is signed in to this installation just now",
    "agencies.TimetableEntry": "what this installation's timetable has seen to",
    "agencies.Worker": "which processes of this installation are alive",
    "audits.Concern": "an alert between people of this database, with its acknowledgement",
    "audits.ContributorAnswer": "what counts of a reply is collated into the case return",
    "audits.ContributorLink": "a way into this database, and no other",
    "audits.ContributorPoint": "what counts of a reply is collated into the case return",
    "audits.Correction": "how a text came to say what it says stays where it was written",
    "audits.IdentityView": "who looked at an identity of this database, and why",
    "audits.LegalHold": "what is kept here, and for whom",
    "audits.Fingerprint": "what a return was when it was signed off in this database",
    "audits.Presence": "who has a page open just now",
    "audits.ScreeningDecision": "hashes with a key of this database say nothing in another",
    "audits.Seal": "who a child is never leaves in a file; its key stays on one server",
    "audits.SealedIdentity": "who a child is never leaves in a file",
    "audits.TextRevision": "what texts said before stays where it was written",
    "audits.TimeRequest": "what was asked for and granted while the return was owed",
    "reports.Document": "published versions are frozen where they were published",
    "reports.Preview": "who has looked at a draft in this database",
}

_OWN_WAY = "how a partnership chases and warns is its own setting"

FIELDS_LEFT_OUT = {
    "agencies.Partnership.remind_days_before": _OWN_WAY,
    "agencies.Partnership.tell_lead_days_after": _OWN_WAY,
    "agencies.Partnership.tell_chair_days_after": _OWN_WAY,
    "agencies.Partnership.immediate_risk_advice": _OWN_WAY,
    "agencies.Partnership.keep_identities_months": _OWN_WAY,
    "agencies.Partnership.small_numbers_below": "what the public may read is its own",
    "agencies.Partnership.second_factor_roles": "how people sign in here is its own setting",
    "agencies.Partnership.access_review_due_on": "this installation's own round of reviews",
    "agencies.User.password": _LOOSE,
    "agencies.User.closed_at": _LOOSE,
    "agencies.User.locked_at": _LOOSE,
    "agencies.User.vouched_at": _LOOSE,
    "agencies.User.second_factor_since": "a second factor belongs to an account, not to an audit",
    "agencies.User.is_active": _LOOSE,
    "agencies.User.last_login": _LOOSE,
    "audits.Toolkit.created_at": _ROW,
    "audits.AgencyReturn.revision": _REVISION,
    "audits.AgencyReturn.extended_to": "what was granted while the return was owed",
    "audits.EngagementEntry.revision": _REVISION,
    "audits.EngagementEntry.written_by": "who wrote the line; the case return names its auditor",
    "audits.RestorativeAction.revision": _REVISION,
    "audits.CaseReturn.revision": _REVISION,
    "audits.Answer.revision": _REVISION,
    "audits.AgreedGrade.revision": _REVISION,
    "audits.Point.written_at": _ROW,
    "audits.Point.revision": _REVISION,
    "audits.Meeting.revision": _REVISION,
    "audits.Discussion.revision": _REVISION,
    "audits.Finding.revision": _REVISION,
    "audits.FindingPlacement.revision": _REVISION,
    "audits.LeadIn.revision": _REVISION,
    "audits.Action.revision": _REVISION,
    "reports.Prose.revision": _REVISION,
}
