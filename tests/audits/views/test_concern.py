"""The pages of a concern: what to do first, what is kept, who is told, who answers."""

import pytest
from django.test import Client
from django.urls import reverse

from agencies.models import User
from agencies.roles import Role
from audits.domain import concerns
from audits.models import AgencyReturn, CaseReturn, Concern, Stage
from tests.factories import AgencyReturnFactory, AuditFactory, CaseReturnFactory, person

pytestmark = pytest.mark.django_db
SAID = {"about": "risk", "case": "", "words": "Nobody has seen them.", "done_already": ""}


@pytest.fixture
def agency_return() -> AgencyReturn:
    row: AgencyReturn = AgencyReturnFactory(audit=AuditFactory(stage=Stage.COLLECTING))
    return row


@pytest.fixture
def auditor(agency_return: AgencyReturn, client: Client) -> User:
    user = person(Role.AUDITOR, agency_return.agency)
    client.force_login(user)
    return user


@pytest.fixture
def lead(agency_return: AgencyReturn) -> User:
    return person(Role.LEAD, agency_return.agency, name="Leo Lead")


def page_of(agency_return: AgencyReturn) -> str:
    return reverse("concern-create", args=[agency_return.pk])


def test_the_partnerships_own_words_come_first(
    client: Client, auditor: User, agency_return: AgencyReturn
) -> None:
    partnership = agency_return.audit.partnership
    partnership.immediate_risk_advice = "Ring the <marsh> line on 01 234."
    partnership.save()

    page = client.get(page_of(agency_return)).content.decode()

    assert "Ring the &lt;marsh&gt; line on 01 234." in page
    assert page.index("01 234") < page.index("What worries you?")
    assert "This page does not replace a referral." in page


def test_a_concern_is_kept_and_says_who_was_told(
    client: Client, auditor: User, lead: User, agency_return: AgencyReturn
) -> None:
    row: CaseReturn = CaseReturnFactory(agency_return=agency_return)

    answer = client.post(page_of(agency_return), SAID | {"case": str(row.case.pk)}, follow=True)

    concern = Concern.objects.get()
    assert answer.redirect_chain == [(reverse("concern-detail", args=[concern.pk]), 302)]
    assert (concern.case, concern.words) == (row.case, "Nobody has seen them.")
    page = answer.content.decode()
    assert "these people are told: Leo Lead" in page
    assert "Put your name to it" not in page


def test_nobody_to_tell_is_said_plainly(
    client: Client, auditor: User, agency_return: AgencyReturn
) -> None:
    page = client.post(page_of(agency_return), SAID, follow=True).content.decode()

    assert "nobody could be told" in page
    assert Concern.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"about": "", "words": "Something."}, "Say what it is about."),
        ({"about": "risk", "words": "  "}, "Say what worries you."),
        ({"about": "nonsense", "words": "Something."}, "Choose"),
        ({"about": "risk", "words": "Something.", "case": "no-such-case"}, "Choose"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(
    client: Client, auditor: User, agency_return: AgencyReturn, sent: dict[str, str], error: str
) -> None:
    page = client.post(page_of(agency_return), {"done_already": "Rang at ten.", **sent})

    words = page.content.decode()
    assert error in words
    assert "govuk-error-summary" in words
    assert "Rang at ten." in words
    assert not Concern.objects.exists()


def test_a_case_of_another_audit_cannot_be_named(
    client: Client, auditor: User, agency_return: AgencyReturn
) -> None:
    elsewhere = CaseReturnFactory()

    client.post(page_of(agency_return), SAID | {"case": str(elsewhere.case.pk)})

    assert not Concern.objects.exists()


def test_a_worry_about_a_worker_is_steered_out_and_not_kept(
    client: Client, auditor: User, agency_return: AgencyReturn
) -> None:
    answer = client.post(
        page_of(agency_return), {"about": "worker", "words": "Names a colleague."}, follow=True
    )

    page = answer.content.decode()
    assert "stays out of the return" in page
    assert "Names a colleague." not in page
    assert not Concern.objects.exists()


def test_the_lead_puts_their_name_to_it(
    client: Client, auditor: User, lead: User, agency_return: AgencyReturn
) -> None:
    concern, _ = concerns.raise_concern(agency_return, by=auditor, words="Nobody has seen them.")
    client.force_login(lead)
    page = reverse("concern-detail", args=[concern.pk])

    assert "Say what you have done" in client.post(page, {"acknowledgement": ""}).content.decode()
    client.post(page, {"acknowledgement": "Spoke to the front door."})

    text = client.get(page).content.decode()
    assert "by Leo Lead" in text
    assert "Spoke to the front door." in text
    assert "Acknowledge it" not in text


def test_who_comes_second_keeps_their_words_and_sees_who_was_first(
    client: Client, auditor: User, lead: User, agency_return: AgencyReturn
) -> None:
    officer = person(Role.OFFICER, agency_return.audit.partnership)
    concern, _ = concerns.raise_concern(agency_return, by=auditor, words="Nobody has seen them.")
    concerns.acknowledge(concern, by=lead, acknowledgement="First.")
    client.force_login(officer)

    answer = client.post(reverse("concern-detail", args=[concern.pk]), {"acknowledgement": "Mine."})

    page = answer.content.decode()
    assert "Leo Lead has acknowledged this meanwhile." in page
    assert "Mine." in page


def test_it_stays_in_sight_until_it_is_answered(
    client: Client, auditor: User, lead: User, agency_return: AgencyReturn
) -> None:
    row = CaseReturnFactory(agency_return=agency_return)
    concern, _ = concerns.raise_concern(
        agency_return, by=auditor, words="Nobody has seen them.", case=row.case
    )
    pages = [
        reverse("agency-return-detail", args=[agency_return.pk]),
        reverse("case-return-edit", args=[agency_return.pk, row.pk]),
        reverse("home"),
    ]
    client.force_login(lead)
    detail = reverse("concern-detail", args=[concern.pk])

    assert [detail in client.get(page).content.decode() for page in pages] == [True, True, True]
    concerns.acknowledge(concern, by=lead, acknowledgement="Seen to.")
    assert [detail in client.get(page).content.decode() for page in pages] == [False, False, False]


def test_from_anywhere_in_a_return(
    client: Client, auditor: User, agency_return: AgencyReturn
) -> None:
    row = CaseReturnFactory(agency_return=agency_return)
    client.force_login(person(Role.LEAD, agency_return.agency))
    link = f'href="{page_of(agency_return)}'

    for page in (
        reverse("agency-return-detail", args=[agency_return.pk]),
        reverse("case-return-edit", args=[agency_return.pk, row.pk]),
        reverse("summative-edit", args=[agency_return.pk]),
    ):
        assert link in client.get(page).content.decode(), page


def test_the_case_one_comes_from_is_chosen_already(
    client: Client, auditor: User, agency_return: AgencyReturn
) -> None:
    row = CaseReturnFactory(agency_return=agency_return)

    page = client.get(page_of(agency_return), {"case": str(row.case.pk)}).content.decode()

    assert f'<option value="{row.case.pk}" selected>' in page


def test_whoever_signs_off_is_told_of_a_concern_that_nobody_answered(
    client: Client, auditor: User, lead: User, agency_return: AgencyReturn
) -> None:
    client.post(page_of(agency_return), SAID)
    concern = Concern.objects.get()
    step = reverse("agency-return-transition", args=[agency_return.pk, "sign-off"])
    client.force_login(lead)

    page = client.get(step).content.decode()
    assert "has not been acknowledged yet" in page
    assert reverse("concern-detail", args=[concern.pk]) in page

    concerns.acknowledge(concern, by=lead, acknowledgement="Referred at once.")
    assert "has not been acknowledged yet" not in client.get(step).content.decode()
