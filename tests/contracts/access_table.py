"""Who may open what: every route, at the stages of an audit that make a difference, by role.

A line has a mark for each role, in the order of `ROLES`:

    ++ +++ +++++ ++
    ││ │││ │││││ │└ leaver: an officer and a lead until yesterday, led to the door by everything
    ││ │││ │││││ └─ foreign: the officer of another partnership
    ││ │││ ││││└─── admin: the system administrator
    ││ │││ │││└──── board: a board member
    ││ │││ ││└───── member: a member of the QA sub-group
    ││ │││ │└────── chair
    ││ │││ └─────── officer
    ││ ││└───────── unasked: the lead of an agency that this audit does not ask
    ││ │└────────── excused: the lead of one whose return is excused, or open again
    ││ └─────────── colleague: the lead of another agency, whose return is in by the meeting
    │└───────────── lead: the lead of the agency whose return an address names
    └────────────── auditor: an auditor of that agency

`+` opens it, `>` is led elsewhere, `-` is refused (403), `.` finds nothing (404), `x` is told that
this is not how to ask (405). Stages are those of the audit; "any" is for what belongs to no audit.

A route that is missing here fails tests/contracts/test_access.py. Write down what design and roles
say, not what the page happens to answer.
"""

Table = dict[str, dict[str, str]]

# What is opened with a link. Sending an empty form there answers alike, unless SAVING says else.
PAGES: Table = {
    "access-review-detail": {"any": ".. ... +...+ .>"},
    "access-review-list": {"any": "-- --- +---+ +>"},
    "access-review-sheet": {"any": ".. ... +...+ .>"},
    "action-carry-over": {"meeting": "-- -.. ++-.. .>"},
    "action-create": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "action-delete": {"meeting": "-- -.. ++-.. .>"},
    "action-detail": {
        "meeting": "++ +.. +++.. .>",
        "published": "++ +.. +++.. .>",
    },
    "action-list": {"any": "++ +++ +++-- +>"},
    "action-progress": {"meeting": "-+ -.. ++-.. .>"},
    "action-update": {"meeting": "-- -.. ++-.. .>"},
    "activity-download": {"any": "-- --- ++--+ +>"},
    "activity-list": {"any": "-- --- ++--+ +>"},
    "agency-close": {"any": "-- --- +---+ .>"},
    "agency-create": {"any": "-- --- +---+ +>"},
    "agency-detail": {"any": "-- --- +---+ .>"},
    "agency-list": {"any": "-- --- +---+ +>"},
    "agency-return-compare": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "agency-return-detail": {
        "planned": ".. ... +.... .>",
        "collecting": "++ ... +.... .>",
        "meeting": "++ +.. ++... .>",
        "published": "++ +.. ++... .>",
    },
    "agency-return-list": {
        "planned": ".. ... ++-.. .>",
        "collecting": "++ ++. ++-.. .>",
        "meeting": "++ ++. ++-.. .>",
    },
    "agency-return-known": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "agency-return-transition": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-- -.. +-... .>",
    },
    "agency-update": {"any": "-- --- +---+ .>"},
    "agreed-grade-update": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "agreed-point-update": {"meeting": "-- -.. ++-.. .>"},
    "attendance-update": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "audit-action-list": {
        "planned": ".. ... +++.. .>",
        "collecting": "++ ++. +++.. .>",
        "meeting": "++ ++. +++.. .>",
    },
    "audit-activity": {
        "planned": ".. ... ++-.. .>",
        "collecting": "-+ ++. ++-.. .>",
        "meeting": "-+ ++. ++-.. .>",
    },
    "audit-activity-download": {
        "planned": ".. ... ++-.. .>",
        "collecting": "-+ ++. ++-.. .>",
        "meeting": "-+ ++. ++-.. .>",
    },
    "audit-agencies": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "audit-calendar": {
        "planned": ".. ... +++.. .>",
        "collecting": "++ ++. +++.. .>",
        "meeting": "++ ++. +++.. .>",
    },
    "audit-create": {"any": "-- --- +---- +>"},
    "audit-dashboard": {
        "collecting": "-- --. ++-.. .>",
        "meeting": "-- --. ++-.. .>",
    },
    "audit-dates": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "audit-detail": {
        "planned": ".. ... +++.. .>",
        "nominating": "++ ++. +++.. .>",
        "collecting": "++ ++. +++.. .>",
        "meeting": "++ ++. +++.. .>",
    },
    "audit-documents": {
        "planned": ".. ... +++.. .>",
        "collecting": "++ ++. +++.. .>",
        "meeting": "++ ++. +++.. .>",
        "published": "++ ++. +++.. .>",
    },
    "audit-figures": {
        "collecting": "-- --. ++-.. .>",
        "meeting": "-- --. ++-.. .>",
        "drafting": "-- --. ++-.. .>",
    },
    "audit-grades": {
        "collecting": "-- --. >--.. .>",
        "meeting": "-- --. >--.. .>",
    },
    "audit-list": {"any": "++ +++ +++-- +>"},
    "audit-publish": {
        "collecting": "-- --. -.-.. .>",
        "meeting": "-- --. -.-.. .>",
        "drafting": "-- --. -+-.. .>",
    },
    "audit-transition": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. ++-.. .>",
    },
    "audit-update": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "body-create": {"any": "-- --- +---+ +>"},
    "body-update": {"any": "-- --- +---+ .>"},
    "case-create": {
        "nominating": "-- --. +--.. .>",
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. >--.. .>",
    },
    "case-list": {
        "planned": ".. ... +++.. .>",
        "nominating": "++ ++. +++.. .>",
        "collecting": "++ ++. +++.. .>",
        "meeting": "++ ++. +++.. .>",
    },
    "case-replace": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "case-return-correct": {
        "collecting": "-+ ... -.... .>",
        "meeting": "-+ -.. --... .>",
        "published": "-+ -.. --... .>",
    },
    "case-return-download": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "case-return-edit": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ +.. ++... .>",
        "published": "++ +.. ++... .>",
    },
    "case-return-history": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "case-return-send-back": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "case-withdraw": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "concern-conduct": {
        "planned": ".. ... +.... .>",
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "concern-create": {
        "planned": ".. ... +.... .>",
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
        "published": "++ -.. +-... .>",
    },
    "concern-detail": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ ... +.... .>",
        "published": "++ ... +.... .>",
    },
    "concern-update": {
        "collecting": "+- ... +.... .>",
        "meeting": "+- ... +.... .>",
        "published": "+- ... +.... .>",
    },
    "collation-edit": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. ++... .>",
    },
    "contributor-create": {"any": "-+ --- +---+ .>"},
    "contributor-link-remind": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "contributor-link-send": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "contributor-link-withdraw": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "contributor-list": {"any": "-+ --- +---+ .>"},
    "contributor-request-create": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "contributor-request-detail": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. ++... .>",
    },
    "contributor-request-list": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. ++... .>",
    },
    "contributor-sheet": {"any": "-+ --- +---+ .>"},
    "contributor-update": {"any": "-+ ... +...+ .>"},
    "correction-detail": {
        "meeting": "++ +.. ++... .>",
        "published": "++ +.. ++... .>",
    },
    "dashboard": {"any": "-- --- ++--- +>"},
    "discussion-introduction": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "discussion-pass-over": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "document-detail": {"published": "++ +++ ++++. .>"},
    "document-draft-pdf": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. ++-.. .>",
    },
    "document-list": {"any": "++ +++ ++++- +>"},
    "document-pdf": {"published": "++ +++ ++++. .>"},
    "document-preview": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. ++-.. .>",
        "drafting": "-- --. ++-.. .>",
    },
    "draw-create": {
        "nominating": "-- --. +--.. .>",
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. >--.. .>",
    },
    "figure-create": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "figure-delete": {"meeting": "-- -.. ++-.. .>"},
    "figure-list": {
        "collecting": ".. ... +.... .>",
        "meeting": "++ +.. +++.. .>",
    },
    "figure-update": {"meeting": "-- -.. ++-.. .>"},
    "finding-begin": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "finding-create": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "finding-delete": {"meeting": "-- -.. ++-.. .>"},
    "finding-list": {
        "collecting": "++ ++. +++.. .>",
        "meeting": "++ ++. +++.. .>",
    },
    "finding-update": {"meeting": "-- -.. ++-.. .>"},
    "gap-heading-create": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "gap-heading-delete": {"meeting": "-- -.. ++-.. .>"},
    "gap-heading-update": {"meeting": "-- -.. ++-.. .>"},
    "home": {"any": "++ +++ +++++ +>"},
    "identity-notice-create": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "identity-remove": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "identity-reveal": {
        "nominating": "-- --. +--.. .>",
        "collecting": "++ +-. +--.. .>",
        "meeting": "-- --. +--.. .>",
        "published": "-- --. +--.. .>",
    },
    "identity-seal": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "identity-upload": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "identity-workbook": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "invitation-withdraw": {"any": ".. ... +...+ .>"},
    "lead-in-create": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "lead-in-delete": {"meeting": "-- -.. ++-.. .>"},
    "lead-in-update": {"meeting": "-- -.. ++-.. .>"},
    "learning-theme-create": {"any": "-- --- +---- +>"},
    "learning-theme-list": {"any": "-- --- +---- +>"},
    "learning-theme-remove": {"any": "-- --- +---- .>"},
    "learning-theme-update": {"any": "-- --- +---- .>"},
    "mfa_activate_totp": {"any": "++ +++ +++++ +>"},
    "mfa_add_webauthn": {"any": "++ +++ +++++ +>"},
    "mfa_deactivate_totp": {"any": ".. ... ..... .>"},
    "mfa_edit_webauthn": {"any": ".. ... ..... .>"},
    "mfa_generate_recovery_codes": {"any": "++ +++ +++++ +>"},
    "mfa_index": {"any": "++ +++ +++++ +>"},
    "mfa_remove_webauthn": {"any": ".. ... ..... .>"},
    "mfa_view_recovery_codes": {"any": ".. ... ..... .>"},
    "legal-hold-create": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "legal-hold-lift": {
        "collecting": "-- --. >--.. .>",
        "meeting": "-- --. >--.. .>",
    },
    "mail-list": {"any": "-- --- +---+ +>"},
    "meeting-case": {
        "collecting": ".. ... +.... .>",
        "meeting": "++ +.. +++.. .>",
    },
    "meeting-detail": {
        "collecting": "++ ++. +++.. .>",
        "meeting": "++ ++. +++.. .>",
    },
    "meeting-update": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "meeting-whole": {
        "collecting": ".. ... +.... .>",
        "meeting": "++ +.. +++.. .>",
    },
    "membership-create": {"any": ".. ... +...+ .>"},
    "membership-end": {"any": ".. ... +...+ .>"},
    "nomination-create": {
        "nominating": "-+ ++. +++.. .>",
        "collecting": "-> >>. >>>.. .>",
        "meeting": "-> >>. >>>.. .>",
    },
    "nomination-decline": {
        "nominating": ".. ... +.-.. .>",
        "collecting": ".. ... +.-.. .>",
        "meeting": ".. ... +.-.. .>",
    },
    "overall-grade-update": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "partnership-update": {"any": "-- --- +---+ +>"},
    "person-deactivate": {"any": ".. ... +...+ .>"},
    "person-detail": {"any": ".. ... +...+ .>"},
    "person-invite": {"any": "-- --- +---+ +>"},
    "person-list": {"any": "-- --- +---+ +>"},
    "person-reactivate": {"any": ".. ... +...+ .>"},
    "person-update": {"any": ".. ... +...+ .>"},
    "placement-update": {"meeting": "-- -.. ++-.. .>"},
    "point-update": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "prose-restore": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. ++-.. .>",
    },
    "audit-screening": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. ++-.. .>",
        "drafting": "-- --. ++-.. .>",
    },
    "prose-update": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. ++-.. .>",
        "drafting": "-- --. ++-.. .>",
    },
    "question-create": {"any": ".. ... +.... .>"},
    "question-remove": {"any": ".. ... +.... .>"},
    "question-update": {"any": ".. ... +.... .>"},
    "second-factor-require": {"any": "-- --- +---+ +>"},
    "second-factor-reset": {"any": ".. ... +...+ .>"},
    "return-screening": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "session-list": {"any": "++ +++ +++++ +>"},
    "session-resume": {"any": "++ +++ +++++ +>"},
    "reminder-create": {
        "planned": ".. ... +--.. .>",
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "seal-create": {
        "planned": ".. ... +--.. .>",
        "collecting": "-- --. >--.. .>",
        "meeting": "-- --. >--.. .>",
    },
    "seal-destroy": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "seal-detail": {
        "planned": ".. ... +--.. .>",
        "nominating": "-- --. +--.. .>",
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
        "published": "-- --. +--.. .>",
    },
    "seal-update": {
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "summative-correct": {
        "collecting": "-+ ... -.... .>",
        "meeting": "-+ -.. --... .>",
    },
    "summative-edit": {
        "collecting": ">+ ... +.... .>",
        "meeting": ">> >.. >>... .>",
    },
    "summative-pick": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "summative-history": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "theme-create": {"any": "-- --- +---- +>"},
    "theme-list": {"any": "-- --- +---- +>"},
    "theme-update": {"any": "-- --- +--.. .>"},
    "time-request-answer": {"collecting": "-- ... +.... .>"},
    "time-request-create": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-> -.. >-... .>",
    },
    "toolkit-create": {"any": "-- --- +---- +>"},
    "toolkit-detail": {"any": ".. ... +.... .>"},
    "toolkit-list": {"any": "-- --- +---- +>"},
    "toolkit-preview": {"any": ".. ... +.... .>"},
    "toolkit-remove": {"any": ".. ... +.... .>"},
    "toolkit-update": {"any": ".. ... +.... .>"},
    "workbook-detail": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "workbook-download": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
}

# What only a button sends: GET is a 405 for everybody.
BUTTONS: Table = {
    "access-review-create": {"any": "-- --- >---> >>"},
    "agency-return-assign": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "agreed-point-adopt-all": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "agreed-point-create": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "agreed-point-place": {"meeting": "-- -.. ++-.. .>"},
    "case-return-bring-back": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "case-return-presence": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "return-screening-confirm": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "case-return-save": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "case-return-screened": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "case-return-take-back": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "case-return-tend": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "discussion-done": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "discussion-reopen": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "gap-heading-move": {"meeting": "-- -.. ++-.. .>"},
    "invitation-send": {"any": ".. ... +...+ .>"},
    "lead-in-move": {"meeting": "-- -.. ++-.. .>"},
    "learning-theme-default": {"any": "-- --- +---- +>"},
    "learning-theme-move": {"any": "-- --- +---- .>"},
    "mail-leave": {"any": ".. ... +...+ .>"},
    "mail-send": {"any": ".. ... +...+ .>"},
    "mail-send-failed": {"any": "-- --- +---+ +>"},
    "nomination-select": {
        "nominating": "-- --. +--.. .>",
        "collecting": "-- --. +--.. .>",
        "meeting": "-- --. +--.. .>",
    },
    "partnership-choose": {"any": ".. ... ..... .>"},
    "placement-move": {"meeting": "-- -.. ++-.. .>"},
    "placement-restore": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
    "placement-take-out": {"meeting": "-- -.. ++-.. .>"},
    "question-move": {"any": ".. ... +.... .>"},
    "session-end": {"any": ".. ... ..... .>"},
    "session-end-others": {"any": "++ +++ +++++ +>"},
    "session-stay": {"any": "++ +++ +++++ +>"},
    "summative-bring-back": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "summative-presence": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "summative-save": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "summative-screened": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "toolkit-version-create": {"any": ".. ... +.... .>"},
    "workbook-take-over": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "working-well-begin": {
        "collecting": ".. ... +.... .>",
        "meeting": "-- -.. ++-.. .>",
    },
}

# Pages that some may read and fewer may write to, or nobody: what sending an empty form answers.
SAVING: Table = {
    "access-review-list": {"any": "xx xxx xxxxx x>"},
    "access-review-sheet": {"any": "xx xxx xxxxx x>"},
    "session-list": {"any": "xx xxx xxxxx x>"},
    "activity-download": {"any": "xx xxx xxxxx x>"},
    "audit-activity-download": {
        "planned": "xx xxx xxxxx x>",
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
    },
    "contributor-list": {"any": "xx xxx xxxxx x>"},
    "contributor-sheet": {"any": "xx xxx xxxxx x>"},
    "audit-calendar": {
        "planned": "xx xxx xxxxx x>",
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
    },
    "agency-return-compare": {
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
    },
    "agency-return-detail": {
        "planned": "xx xxx xxxxx x>",
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
        "published": "xx xxx xxxxx x>",
    },
    "agency-return-list": {
        "planned": "xx xxx xxxxx x>",
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
    },
    "case-return-download": {
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
    },
    "case-return-edit": {
        "meeting": "++ -.. +-... .>",
        "published": "++ -.. +-... .>",
    },
    "concern-conduct": {
        "planned": "xx xxx xxxxx x>",
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
    },
    "concern-detail": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ ... +.... .>",
        "published": "-+ ... +.... .>",
    },
    "collation-edit": {
        "collecting": "++ ... +.... .>",
        "meeting": "++ -.. +-... .>",
    },
    "contributor-request-detail": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "contributor-request-list": {
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
    },
    "case-return-history": {
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
    },
    "mfa_index": {"any": "xx xxx xxxxx x>"},
    "mfa_view_recovery_codes": {"any": "xx xxx xxxxx x>"},
    "session-resume": {"any": "xx xxx xxxxx x>"},
    "identity-workbook": {
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
    },
    "seal-detail": {
        "planned": "xx xxx xxxxx x>",
        "nominating": "xx xxx xxxxx x>",
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
        "published": "xx xxx xxxxx x>",
    },
    "summative-history": {
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
    },
    "correction-detail": {
        "meeting": "xx xxx xxxxx x>",
        "published": "xx xxx xxxxx x>",
    },
    "summative-edit": {
        "collecting": "-+ ... +.... .>",
        "meeting": "-+ -.. +-... .>",
    },
    "workbook-download": {
        "collecting": "xx xxx xxxxx x>",
        "meeting": "xx xxx xxxxx x>",
    },
}

# Confirmations and buttons without a field: sending nothing is all it takes.
WRITTEN_UNASKED = {
    "access-review-create",
    "action-delete",
    "agency-close",
    "agency-return-assign",
    "audit-transition",
    "case-return-presence",
    "summative-presence",
    "contributor-link-withdraw",
    "discussion-done",
    "discussion-reopen",
    "document-preview",
    "figure-delete",
    "finding-delete",
    "gap-heading-delete",
    "identity-remove",
    "invitation-send",
    "invitation-withdraw",
    "lead-in-delete",
    "learning-theme-default",
    "learning-theme-remove",
    "mail-leave",
    "mail-send",
    "mail-send-failed",
    "placement-take-out",
    "prose-restore",
    "question-remove",
    "second-factor-require",
    "second-factor-reset",
    "toolkit-remove",
    "toolkit-version-create",
}

# To open these is recorded: that somebody looked is what publishing asks for.
RECORDED = {"contributor-sheet", "document-preview"}

# What needs no signing in, and what it answers somebody who has not.
OPEN_TO_ALL = {
    "account_change_password": 302,
    "account_inactive": 200,
    "account_login": 200,
    "account_logout": 302,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key": 200,
    "account_reset_password_from_key_done": 200,
    "account_set_password": 302,
    "account_signup": 200,
    # Behind a contributor's link: tests/contracts/test_link_holders.py opens them with one.
    "contribution-confirm": 404,
    "contribution-detail": 404,
    "contribution-edit": 404,
    "contribution-finish": 405,
    "contribution-nothing": 405,
    "contribution-open": 404,
    "health": 200,
    # No directory is set up: tests/journeys/test_sign_in.py has one.
    "directory-left": 404,
    "openid_connect_callback": 404,
    "openid_connect_login": 404,
    # The second half of signing in: there is no first.
    "mfa_authenticate": 302,
    "session-check": 200,
    "health-work": 200,
    "invitation-accept": 200,
}
