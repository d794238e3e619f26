from django.urls import URLPattern, path

from audits.views import (
    audit,
    case,
    draw,
    learning_theme,
    nomination,
    question,
    status,
    theme,
    toolkit,
)

THEMES: list[URLPattern] = [
    path("themes/", theme.theme_list, name="theme-list"),
    path("themes/add/", theme.theme_create, name="theme-create"),
    path("themes/<uuid:theme_id>/", theme.theme_update, name="theme-update"),
    path("learning-themes/", learning_theme.learning_theme_list, name="learning-theme-list"),
    path(
        "learning-themes/default/",
        learning_theme.learning_theme_default,
        name="learning-theme-default",
    ),
    path(
        "learning-themes/add/", learning_theme.learning_theme_create, name="learning-theme-create"
    ),
    path(
        "learning-themes/<uuid:learning_theme_id>/",
        learning_theme.learning_theme_update,
        name="learning-theme-update",
    ),
    path(
        "learning-themes/<uuid:learning_theme_id>/move/<slug:direction>/",
        learning_theme.learning_theme_move,
        name="learning-theme-move",
    ),
    path(
        "learning-themes/<uuid:learning_theme_id>/remove/",
        learning_theme.learning_theme_remove,
        name="learning-theme-remove",
    ),
]

TOOLKITS: list[URLPattern] = [
    path("toolkits/", toolkit.toolkit_list, name="toolkit-list"),
    path("toolkits/add/", toolkit.toolkit_create, name="toolkit-create"),
    path("toolkits/<uuid:toolkit_id>/", toolkit.toolkit_detail, name="toolkit-detail"),
    path("toolkits/<uuid:toolkit_id>/edit/", toolkit.toolkit_update, name="toolkit-update"),
    path("toolkits/<uuid:toolkit_id>/preview/", toolkit.toolkit_preview, name="toolkit-preview"),
    path("toolkits/<uuid:toolkit_id>/remove/", toolkit.toolkit_remove, name="toolkit-remove"),
    path(
        "toolkits/<uuid:toolkit_id>/versions/",
        toolkit.toolkit_version_create,
        name="toolkit-version-create",
    ),
    path(
        "toolkits/<uuid:toolkit_id>/questions/add/",
        question.question_create,
        name="question-create",
    ),
    path(
        "toolkits/<uuid:toolkit_id>/questions/<uuid:question_id>/",
        question.question_update,
        name="question-update",
    ),
    path(
        "toolkits/<uuid:toolkit_id>/questions/<uuid:question_id>/move/<slug:direction>/",
        question.question_move,
        name="question-move",
    ),
    path(
        "toolkits/<uuid:toolkit_id>/questions/<uuid:question_id>/remove/",
        question.question_remove,
        name="question-remove",
    ),
]

AUDITS: list[URLPattern] = [
    path("audits/", audit.audit_list, name="audit-list"),
    path("audits/add/", audit.audit_create, name="audit-create"),
    path("audits/<uuid:audit_id>/", audit.audit_detail, name="audit-detail"),
    path("audits/<uuid:audit_id>/edit/", audit.audit_update, name="audit-update"),
    path("audits/<uuid:audit_id>/dates/", audit.audit_dates, name="audit-dates"),
    path("audits/<uuid:audit_id>/agencies/", audit.audit_agencies, name="audit-agencies"),
    path("audits/<uuid:audit_id>/grades/", audit.audit_grades, name="audit-grades"),
    path(
        "audits/<uuid:audit_id>/steps/<slug:name>/",
        status.audit_transition,
        name="audit-transition",
    ),
]

CASES: list[URLPattern] = [
    path("audits/<uuid:audit_id>/cases/", case.case_list, name="case-list"),
    path("audits/<uuid:audit_id>/cases/add/", case.case_create, name="case-create"),
    path("audits/<uuid:audit_id>/cases/draw/", draw.draw_create, name="draw-create"),
    path(
        "audits/<uuid:audit_id>/cases/<uuid:case_id>/withdraw/",
        case.case_withdraw,
        name="case-withdraw",
    ),
    path(
        "audits/<uuid:audit_id>/cases/<uuid:case_id>/replace/",
        case.case_replace,
        name="case-replace",
    ),
    path(
        "audits/<uuid:audit_id>/identities/",
        case.identity_notice_create,
        name="identity-notice-create",
    ),
    path(
        "audits/<uuid:audit_id>/nominations/add/",
        nomination.nomination_create,
        name="nomination-create",
    ),
    path(
        "audits/<uuid:audit_id>/nominations/select/",
        nomination.nomination_select,
        name="nomination-select",
    ),
    path(
        "audits/<uuid:audit_id>/nominations/<uuid:nomination_id>/decline/",
        nomination.nomination_decline,
        name="nomination-decline",
    ),
]

urlpatterns: list[URLPattern] = [*THEMES, *TOOLKITS, *AUDITS, *CASES]
