"""Contributors who were asked, and the mail by which they come in."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Contributor, OutboxMessage
from audits import holding
from audits.domain import contributor_links, contributor_requests
from audits.models import ContributorLink, ContributorRequest
from tests.audits.collecting import Collecting, collecting
from tests.factories import ContributorFactory

LINK = re.compile(r"/contribute/links/[\w-]+/")
CODE = re.compile(r"^\d{6}$", re.MULTILINE)


def coordinating(cases: int = 2, questions: int = 1, **agency: Any) -> Collecting:
    """An agency that co-ordinates GP practices; its questions are put to them too."""
    agency = {"contributor_noun": "GP practice", "contributor_noun_plural": "GP practices"} | agency
    world = collecting(cases=cases, questions=questions, **agency)
    world.audit.toolkit.questions.update(for_contributors=True)
    return world


def practice(
    world: Collecting, name: str = "Mill Lane Surgery", email: str = "reception@mill.example"
) -> Contributor:
    contributor: Contributor = ContributorFactory(agency=world.agency, name=name, email=email)
    return contributor


def asked(
    world: Collecting, *contributors: Contributor, cases: int | None = None
) -> list[ContributorRequest]:
    """Asks each about the first so many cases, or about all."""
    contributor_requests.ask(
        world.agency_return,
        by=world.lead,
        contributors=contributors,
        case_returns=world.case_returns[:cases],
        asked_on=timezone.localdate(),
    )
    return list(
        ContributorRequest.objects.filter(contributor__in=contributors).order_by(
            "contributor__name", "case_return__case__number"
        )
    )


def send(
    world: Collecting, *contributors: Contributor, expires_at: datetime | None = None
) -> contributor_links.Sending:
    return contributor_links.send(
        world.agency_return,
        by=world.lead,
        contributors=contributors,
        expires_at=expires_at or contributor_links.default_expiry(world.agency_return),
    )


def last_mail(to: str) -> str:
    """What the newest mail to this mailbox says; written and not sent within a test."""
    newest = OutboxMessage.objects.filter(to=to).order_by("-written_at").first()
    assert newest is not None, f"Nothing was written to {to}."
    return newest.body


def address_in(body: str) -> str:
    found = LINK.search(body)
    assert found is not None, body
    return found[0]


def code_in(body: str) -> str:
    found = CODE.search(body)
    assert found is not None, body
    return found[0]


@dataclass
class Holder:
    """Somebody with a link, in a browser of their own."""

    contributor: Contributor
    address: str
    client: Any

    @property
    def link(self) -> ContributorLink:
        return ContributorLink.objects.get(contributor=self.contributor, withdrawn_at=None)

    def get(self, name: str, *args: object) -> Any:
        return self.client.get(reverse(name, args=args))

    def post(self, name: str, *args: object, **typed: Any) -> Any:
        return self.client.post(reverse(name, args=args), typed)

    def ask_for_code(self) -> str:
        self.post("contribution-confirm", do="send")
        return code_in(last_mail(self.contributor.email))

    def confirm(self, code: str) -> Any:
        return self.post("contribution-confirm", code=code)


def browser_of(link: ContributorLink, *, confirmed: bool = True) -> Client:
    """A browser in which this link was opened, and its code given or not."""
    session = SessionStore()
    session[holding.LINK] = str(link.pk)
    if confirmed:
        session[holding.CONFIRMED] = True
    session.create()
    client = Client(raise_request_exception=False)
    client.cookies[holding.COOKIE] = str(session.session_key)
    return client


def arrived(contributor: Contributor, address: str = "") -> Holder:
    """Opened the link of the newest mail; the code is still to be asked for."""
    holder = Holder(contributor, address or address_in(last_mail(contributor.email)), Client())
    holder.client.get(holder.address)
    return holder


def confirmed(contributor: Contributor) -> Holder:
    holder = arrived(contributor)
    holder.confirm(holder.ask_for_code())
    return holder


def first_of(holder: Holder) -> ContributorRequest:
    return ContributorRequest.objects.filter(contributor=holder.contributor).order_by(
        "case_return__case__number"
    )[0]
