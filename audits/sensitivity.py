"""What each field of the audits may give away."""

from agencies.sensitivity import Declaration, declare

SET_UP: dict[str, Declaration] = {
    "Theme": declare(free_text="description priority", safe="id partnership name active"),
    "LearningTheme": declare(
        free_text="description", safe="id partnership code name position active"
    ),
    "Toolkit": declare(
        free_text="description", safe="id partnership name version frozen_at created_at"
    ),
    "Question": declare(
        free_text="text help_text choices",
        safe="id toolkit code position kind point_kind asks_evidence for_contributors required"
        " follows follows_answers agencies",
    ),
    "Audit": declare(
        free_text="title earlier_title asked_for_reason purpose legal_power identity_channel",
        safe="id partnership code kind theme toolkit predecessor earlier_code stage"
        " awaiting_approval agencies_asked asked_for_by asked_for_on lookback_from lookback_to"
        " asks_practitioners asks_child asks_family nominate_by return_by meeting_on report_by",
    ),
    "Grade": declare(free_text="description", safe="id audit code label position meets_good"),
    "DateMove": declare(
        identifying="by", free_text="reason", safe="id audit field from_date to_date at"
    ),
    "StatusChange": declare(
        identifying="by",
        free_text="reason",
        safe="id audit agency_return case_return transition from_stage to_stage at",
    ),
}

CASES: dict[str, Declaration] = {
    "Nomination": declare(
        identifying="by", free_text="reason decline_reason", safe="id audit agency at stage"
    ),
    "Draw": declare(
        identifying="by",
        free_text="list_description",
        safe="id audit list_size sample_size seed rows at",
    ),
    "Case": declare(
        identifying="withdrawn_by",
        free_text="withdrawn_reason",
        safe="id audit number nomination draw draw_row replaces withdrawn_at",
    ),
    "IdentityNotice": declare(identifying="by", safe="id audit agency sent_on"),
}

# The box is identifying however well it is locked: it leaves the database in no other form.
SEALED: dict[str, Declaration] = {
    "Seal": declare(
        identifying="begun_by destroyed_by",
        free_text="destroyed_reason",
        safe="id audit begun_at keep_until destroyed_at destroyed_because destroyed_cases",
    ),
    "SealedIdentity": declare(
        identifying="box name_hashes sealed_by", safe="id seal case sealed_at"
    ),
    "IdentityView": declare(identifying="by", free_text="reason", safe="id seal case agency at"),
    "LegalHold": declare(
        identifying="by lifted_by",
        free_text="reason lifted_reason",
        safe="id audit since lifted_at",
    ),
}

RETURNS: dict[str, Declaration] = {
    "AgencyReturn": declare(
        identifying="signed_off_by",
        free_text="overview",
        safe="id audit agency stage extended_to signed_off_at revision",
    ),
    "RestorativeAction": declare(
        identifying="owner",
        free_text="text measure",
        safe="id agency_return due_on position revision",
    ),
    "CaseReturn": declare(
        identifying="auditor",
        free_text="not_known_reason engagement_past engagement_present voice_practitioners"
        " voice_child voice_family grade_reason",
        safe="id audit agency agency_return case stage known own_grade completed_at"
        " entered_from_paper revision",
    ),
    "Answer": declare(free_text="value evidence", safe="id case_return question revision"),
    "EngagementEntry": declare(
        identifying="written_by",
        free_text="words",
        safe="id case_return began_on ended_on revision",
    ),
    "Fingerprint": declare(safe="id agency_return correction hash at"),
    "Correction": declare(
        identifying="by", free_text="reason", safe="id agency_return case_return at"
    ),
    "TextRevision": declare(
        identifying="by",
        free_text="words",
        safe="id agency_return case_return key shape revision correction at",
    ),
    "ScreeningDecision": declare(
        identifying="by mark",
        free_text="reason",
        safe="id audit agency_return rule why at",
    ),
    "Presence": declare(identifying="user", safe="id agency_return place seen_at"),
    "Concern": declare(
        identifying="raised_by acknowledged_by",
        free_text="words done_already acknowledgement",
        safe="id audit agency agency_return case raised_at acknowledged_at",
    ),
    "TimeRequest": declare(
        identifying="asked_by answered_by",
        free_text="reason answer_reason",
        safe="id agency_return days asked_at answer granted_until answered_at",
    ),
    "Point": declare(
        identifying="written_by",
        free_text="text",
        safe="id audit case agency origin case_return agency_return learning_themes written_at"
        " revision",
    ),
    "PointPlacement": declare(safe="id audit point kind agreed position"),
}

CONTRIBUTORS: dict[str, Declaration] = {
    "ContributorRequest": declare(
        free_text="reason", safe="id case_return contributor stage asked_on answered_on"
    ),
    "ContributorLink": declare(
        identifying="email token_hash code_hash sent_by",
        free_text="learns_by",
        safe="id agency_return contributor expires_at sent_at withdrawn_at opened_at"
        " code_sent_at code_attempts",
    ),
    "ContributorAnswer": declare(free_text="value evidence", safe="id request question revision"),
    "ContributorPoint": declare(free_text="text", safe="id request kind position taken_over point"),
}

MEETING: dict[str, Declaration] = {
    "Meeting": declare(
        identifying="chaired_by", free_text="notes", safe="id audit held_on revision"
    ),
    "Attendance": declare(
        identifying="name job_title", safe="id meeting agency body state position"
    ),
    "Discussion": declare(
        identifying="introduced_by overall_grade_by",
        free_text="passed_over_reason overall_grade_reason",
        safe="id case state overall_grade revision",
    ),
    "AgreedGrade": declare(
        identifying="moderator", free_text="reason", safe="id case_return grade at revision"
    ),
}

CONCLUSIONS: dict[str, Declaration] = {
    "Figure": declare(
        identifying="stated_by",
        free_text="label unit",
        safe="id audit code kind measure agency question numerator denominator",
    ),
    "GapHeading": declare(free_text="label", safe="id audit learning_theme position"),
    "Finding": declare(
        free_text="text",
        safe="id audit code learning_themes agencies points figures for_scrutiny revision",
    ),
    "SeenBefore": declare(free_text="audit_title", safe="id finding audit_code"),
    "LeadIn": declare(free_text="text", safe="id audit section heading position revision"),
    "FindingPlacement": declare(
        free_text="wording", safe="id finding section heading lead_in position revision"
    ),
    "Action": declare(
        identifying="carried_over_by",
        free_text="text measure_of_success evidence impact carried_over_reason",
        safe="id audit code findings owner_agency owner_body due_on progress position revision",
    ),
}

FIELDS: dict[str, Declaration] = (
    SET_UP | CASES | SEALED | RETURNS | CONTRIBUTORS | MEETING | CONCLUSIONS
)
