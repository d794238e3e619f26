"""No mail says anything of a case, and nobody is sent where they may not go.

Two ways to be sure. Every mail there is gets written in the scenario, whose every text about a
case carries a canary, and what was asked, refused and worried about carries one too. And what the
templates may print at all is a list: a new word has to be put on it, knowingly.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from agencies.domain import people, second_factor
from agencies.models import Contributor, OutboxMessage, User
from agencies.roles import Role
from audits.domain import (
    concerns,
    contributor_links,
    digests,
    notices,
    reminders,
    time_requests,
)
from audits.domain.audits import move_dates
from audits.models import AgencyReturn, ContributorRequest
from tests.contracts.walking import Walk
from tests.scenario import Scenario, canary

pytestmark = pytest.mark.django_db

MAIL = Path(__file__).resolve().parents[2] / "templates" / "mail"
TEMPLATES = {path.stem: path.read_text() for path in sorted(MAIL.glob("*.txt"))}
CONTENT = f"{canary('collecting', 'returned', 'own')} was typed."

WORDS = {
    "agency": {"name", "short_name"},
    "answer_by": {""},
    "audit": {"title", "meeting_on"},
    "by": {"name"},
    "code": {""},
    "contributor": {"name"},
    "digest": {"subject"},
    "due_on": {""},
    "each": {"words", "due", "due_word", "link", "summary", "day"},
    "expires_at": {""},
    "invited_by": {"name"},
    "link": {""},
    "membership": {"", "starts_on", "ends_on"},
    "minutes": {""},
    "number": {""},
    "owed": {"agency.name", "agency.short_name", "audit.title", "due_on"},
    "part": {"partnership.name"},
    "partnership": {"name"},
    "person": {"name"},
    "request": {"days"},
    "return_by": {""},
    "user": {"name"},
}
"""What a mail may print, by the name it is given; a calendar's summary is held to it below."""


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_mail_may_print_is_a_list(name: str) -> None:
    printed = re.findall(r"{{\s*([a-z_]+)\.?([a-z_.]*)", TEMPLATES[name])

    assert {
        f"{first}.{rest}" for first, rest in printed if rest not in WORDS.get(first, ())
    } == set()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_mail_is_plain_text_with_its_subject_first(name: str) -> None:
    first, _, rest = TEMPLATES[name].partition("\n")
    assert first.startswith("{% autoescape off %}")
    assert len(first) > len("{% autoescape off %}")
    assert rest.rstrip().endswith("{% endautoescape %}")


def own(scenario: Scenario) -> AgencyReturn:
    returns = AgencyReturn.objects.select_related("audit__partnership", "agency")
    found: AgencyReturn = returns.get(pk=scenario.told["collecting"].parts["return_id"])
    return found


def circulated(scenario: Scenario) -> None:
    notices.cases_to_audit(own(scenario).audit, [own(scenario)])


def reminded(scenario: Scenario) -> None:
    owed = own(scenario)
    reminders.remind(
        owed.audit, by=scenario.people["officer"], returns={owed.pk}, seen_at=timezone.now()
    )


def moved(scenario: Scenario) -> None:
    audit = own(scenario).audit
    later = timezone.localdate() + timedelta(days=40)
    dates = {"return_by": later, "meeting_on": later + timedelta(days=9)}
    move_dates(audit=audit, by=scenario.people["officer"], dates=dates, reason=CONTENT)


def asked(scenario: Scenario) -> None:
    owed = AgencyReturn.objects.get(audit=own(scenario).audit, agency=scenario.joined["colleague"])
    time_requests.ask(owed, by=scenario.people["colleague"], days=3, reason=CONTENT)


def answered(scenario: Scenario) -> None:
    request = own(scenario).time_requests.waiting().get()
    time_requests.refuse(request, by=scenario.people["officer"], reason=CONTENT)


def worried(scenario: Scenario) -> None:
    concern, _ = concerns.raise_concern(
        own(scenario), by=scenario.people["auditor"], words=CONTENT, done_already=CONTENT
    )
    concerns.acknowledge(concern, by=scenario.people["officer"], acknowledgement=CONTENT)


def daily(scenario: Scenario) -> None:
    """Through the whole of the chase, so that each kind of line is written."""
    due = own(scenario).due_on
    assert due is not None
    morning = timezone.localtime().replace(hour=7)
    for day in (1, *range(8, 27)):
        with time_machine.travel(morning + timedelta(days=day), tick=False):
            digests.send_digests()


def contributed(scenario: Scenario) -> None:
    owed = own(scenario)
    requests = ContributorRequest.objects.filter(case_return__agency_return=owed)
    requests.update(stage=ContributorRequest.Stage.ASKED)
    asked_of = Contributor.objects.filter(requests__in=requests)
    asked_of.update(email="practice@fenshire.example")
    contributor_links.send(
        owed,
        by=scenario.people["lead"],
        contributors=asked_of.distinct(),
        expires_at=timezone.now() + timedelta(days=9),
    )
    owed.contributor_links.update(sent_at=timezone.now() - timedelta(days=1))
    contributor_links.chase(owed, by=scenario.people["lead"])
    contributor_links.send_code(by=owed.contributor_links.filter(withdrawn_at=None)[0])


def lost_their_phone(scenario: Scenario) -> None:
    auditor = scenario.people["auditor"]
    Authenticator.objects.create(user=auditor, type=Authenticator.Type.TOTP, data={})
    second_factor.reset(
        user=auditor, partnership=scenario.partnership, by=scenario.people["officer"]
    )


def joined(scenario: Scenario) -> None:
    officer, partnership = scenario.people["officer"], scenario.partnership
    fields = {"role": Role.MEMBER, "agency": None, "starts_on": timezone.localdate()}
    people.add_membership(
        user=scenario.people["auditor"], partnership=partnership, by=officer, fields=fields
    )
    people.invite(
        name="Nell Newer",
        email="nell@fenshire.example",
        partnership=partnership,
        by=officer,
        membership=fields,
    )


OCCASIONS: dict[Callable[[Scenario], None], set[str]] = {
    circulated: {"audit_circulated"},
    reminded: {"return_reminder"},
    moved: {"dates_moved"},
    asked: {"time_asked"},
    answered: {"time_answered"},
    worried: {"concern_raised", "concern_acknowledged"},
    daily: {"digest"},
    contributed: {"contributor_link", "contributor_reminder", "contributor_code"},
    joined: {"role_given", "invitation"},
    lost_their_phone: {"second_factor_reset"},
}
TO_ACCOUNTS = {name for each in OCCASIONS.values() for name in each} - {
    "contributor_link",
    "contributor_reminder",
    "contributor_code",
    "invitation",
}


def test_every_mail_is_written_below() -> None:
    assert {name for each in OCCASIONS.values() for name in each} == set(TEMPLATES)


@pytest.mark.parametrize("occasion", OCCASIONS, ids=lambda occasion: occasion.__name__)
def test_it_says_nothing_of_a_case_and_leads_where_one_may_go(
    occasion: Callable[[Scenario], None], walk: Walk
) -> None:
    before = set(OutboxMessage.objects.values_list("pk", flat=True))

    occasion(walk.scenario)

    written = list(OutboxMessage.objects.exclude(pk__in=before))
    assert {message.template for message in written} == OCCASIONS[occasion]
    for message in written:
        said = f"{message.subject}\n{message.body}\n{bytes(message.calendar).decode()}"
        assert "canary" not in said.replace(called_there(message), ""), said
        if message.template in TO_ACCOUNTS:
            open_links(message)


def called_there(message: OutboxMessage) -> str:
    """What carries the name of the other partnership is for its own people to read."""
    readers = User.objects.filter(email=message.to)
    if readers.filter(memberships__partnership__short_name="away").exists():
        return canary("foreign", "called", "foreign")
    return "no canary at all"


def open_links(message: OutboxMessage) -> None:
    client = Client()
    client.force_login(User.objects.get(email=message.to))
    for address in set(re.findall(r"https?://[^/\s]+(/\S*)", message.body)):
        response = client.get(address, follow=True)
        assert response.status_code == 200, f"{message.template} to {message.to}: {address}"
