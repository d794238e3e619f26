"""What an agency is told before its return takes a step."""

from dataclasses import dataclass

from django.urls import reverse

from audits.domain import guards
from audits.models import CaseReturn, Known
from audits.reading.agency_returns import AgencyReturnPage


@dataclass(frozen=True)
class Lack:
    sentence: str
    url: str


def missing_for(page: AgencyReturnPage, name: str) -> list[Lack]:
    """What keeps the step from being taken, each with the page on which it is mended."""
    if name == "sign-off":
        return _before_signing_off(page)
    if name == "nil":
        return _before_nil(page)
    if name == "decline":
        return _words(page) + _wrong_time(page)
    return _gone_on(page)


def _before_signing_off(page: AgencyReturnPage) -> list[Lack]:
    lacks = [
        _unfinished(page, row.case_return) for row in page.cases if not row.case_return.is_finished
    ]
    if not page.agency_return.overview.strip():
        lacks.append(
            Lack(
                "Write the overview of the summative report.",
                reverse("summative-edit", args=[page.agency_return.pk]),
            )
        )
    return lacks + _words(page) + _wrong_time(page)


def _unfinished(page: AgencyReturnPage, row: CaseReturn) -> Lack:
    whose = f", {row.auditor}" if row.auditor else ", nobody’s yet"
    return Lack(
        f"{row.case} is not finished ({row.get_stage_display().lower()}{whose}).",
        reverse("case-return-edit", args=[page.agency_return.pk, row.pk]),
    )


def _before_nil(page: AgencyReturnPage) -> list[Lack]:
    known = [row.case_return for row in page.cases if row.case_return.known not in ("", Known.NO)]
    return [
        Lack(
            f"{each.case}: find out first whether it is known to you."
            if each.known == Known.UNSURE
            else f"{each.case} is known to you, so this is not a nil return.",
            reverse("case-return-edit", args=[page.agency_return.pk, each.pk]),
        )
        for each in known
    ] + [*_words(page), *_wrong_time(page)]


def _words(page: AgencyReturnPage) -> list[Lack]:
    url = reverse("return-screening", args=[page.agency_return.pk])
    return [Lack(words, url) for words in guards.words_undecided(page.agency_return)]


def _wrong_time(page: AgencyReturnPage) -> list[Lack]:
    url = reverse("agency-return-detail", args=[page.agency_return.pk])
    return [Lack(words, url) for words in guards.collecting_or_meeting(page.agency_return)]


def _gone_on(page: AgencyReturnPage) -> list[Lack]:
    """What the officer does to a return waits for the officer's own step back."""
    url = reverse("audit-detail", args=[page.agency_return.audit_id])
    return [
        Lack(f"{words} Take the audit back first.", url)
        for words in guards.collecting_or_meeting(page.agency_return)
    ]


AFTERWARDS = (
    "A mistake found later is corrected with a reason, and the old words stay beside the new. "
    "For anything more the officer reopens the return."
)


def consequences(page: AgencyReturnPage, name: str) -> list[str]:
    cases = f"{len(page.cases)} case{'' if len(page.cases) == 1 else 's'}"
    return {
        "sign-off": [
            f"You sign off all {cases}, the {page.not_known} not known to you included.",
            AFTERWARDS,
            "From the meeting on, the other agencies can read it, and you can read theirs.",
        ],
        "nil": [
            f"All {cases} are returned as not known to you.",
            AFTERWARDS,
        ],
        "decline": [
            "The audit goes on without your agency’s answers.",
            "The officer can read your reason; the other agencies can from the meeting on.",
        ],
        "excuse": [
            "The audit goes on without this agency’s answers, and its report says so.",
            "The agency can read none of the others’ returns until it is reopened and hands in.",
        ],
        "reopen": [
            "The agency can change its return again, and has to hand it in again.",
            "Until then it can read none of the others’ returns.",
        ],
    }[name]
