"""A contributor's way in without an account: a link that is theirs alone, then a code by mail.

docs/developers/contributors.md says what could be tried against it, and what stands against that.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from agencies import mail
from agencies.domain import activity
from agencies.models import Contributor, User
from audits.domain.returns import locked
from audits.models import AgencyReturn, ContributorLink, ContributorRequest

TOKEN_BYTES = 32
CODE_DIGITS = 6
GRACE = timedelta(days=7)
"""How long after the return is due a link works, unless its sender says otherwise."""
BETWEEN_CODES = timedelta(minutes=1)
HOUR = timedelta(hours=1)
CODES_AN_HOUR = 6


class LinkClosedError(Exception):
    """The link lets nobody in any more: run out, withdrawn, locked, or its return is handed in."""


class TooSoonError(Exception):
    """A code was sent a moment ago, or too many were; the message tells a person what to do."""


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def usable_link(token: str) -> ContributorLink | None:
    """None for a token never given out, run out or withdrawn alike."""
    return ContributorLink.objects.usable().filter(token_hash=token_hash(token)).first()


def default_expiry(agency_return: AgencyReturn) -> datetime:
    """The end of the last day of grace; for a return overdue already, or without a date, from
    today."""
    due = max(agency_return.due_on or timezone.localdate(), timezone.localdate())
    return end_of_day(due + GRACE)


def end_of_day(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


@dataclass(frozen=True)
class Sending:
    """`written` were sent a link; `without_address` could not be."""

    written: list[Contributor]
    without_address: list[Contributor]


@activity.gathered()
def send(
    agency_return: AgencyReturn,
    *,
    by: User,
    contributors: Iterable[Contributor],
    expires_at: datetime,
    learns_by: str = "",
) -> Sending:
    """Send each a fresh link; one they have stops working. Raises ReturnClosedError."""
    row = locked(agency_return, by=by)
    chosen = list(contributors)
    reachable = [each for each in chosen if each.email and each.active]
    _withdraw(row, [each.pk for each in reachable])
    links = []
    for contributor in reachable:
        link, token = _made(row, contributor, by=by, expires_at=expires_at)
        link.learns_by = learns_by.strip()
        links.append((link, token))
    ContributorLink.objects.bulk_create(link for link, _ in links)
    owed = _owed(row)
    for link, token in links:
        _write(link, token, "contributor_link", number=owed.get(link.contributor_id, 0))
    if links:
        _record("sent links to contributors", row, by=by)
    return Sending(reachable, [each for each in chosen if each not in reachable])


def _made(
    agency_return: AgencyReturn, contributor: Contributor, *, by: User, expires_at: datetime
) -> tuple[ContributorLink, str]:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ContributorLink(
        agency_return=agency_return,
        contributor=contributor,
        email=contributor.email,
        token_hash=token_hash(token),
        expires_at=expires_at,
        sent_by=by,
    )
    return link, token


@activity.gathered()
def chase(agency_return: AgencyReturn, *, by: User) -> list[ContributorLink]:
    """Write again to everybody who owes an answer and was not written to today.

    Only hashes of tokens are kept, so each mail brings a new address for the same link; whoever
    is answering just now goes on. Raises ReturnClosedError.
    """
    row = locked(agency_return, by=by)
    owed = _owed(row)
    due = [link for link in to_chase(row) if link.contributor_id in owed]
    for link in due:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        link.token_hash = token_hash(token)
        link.sent_at = timezone.now()
        _write(link, token, "contributor_reminder", number=owed[link.contributor_id])
    ContributorLink.objects.bulk_update(due, ["token_hash", "sent_at"])
    if due:
        _record("reminded contributors", row, by=by)
    return due


def to_chase(agency_return: AgencyReturn) -> list[ContributorLink]:
    """Usable links of a return that no mail went out for today, of contributors who owe."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    owing = ContributorRequest.objects.of_return(agency_return).owing()
    return list(
        ContributorLink.objects.usable()
        .with_names()
        .filter(
            agency_return=agency_return,
            sent_at__lt=midnight,
            contributor__in=owing.values("contributor"),
        )
    )


@activity.gathered()
def withdraw(agency_return: AgencyReturn, *, by: User, contributor: Contributor) -> bool:
    """The link stops working at once, for whoever is answering too; what they saved stays."""
    row = locked(agency_return, by=by)
    if not _withdraw(row, [contributor.pk]):
        return False
    _record("withdrew a contributor's link", row, by=by)
    return True


def _withdraw(agency_return: AgencyReturn, contributors: Collection[UUID]) -> int:
    return (
        ContributorLink.objects.standing()
        .filter(agency_return=agency_return, contributor__in=contributors)
        .update(withdrawn_at=timezone.now())
    )


@activity.gathered()
def withdraw_all(*, by: User | None) -> int:
    """After a restore: what stands again may have been withdrawn since the backup; how many.

    Those that have run out let nobody in, and stay as they are.
    """
    links = ContributorLink.objects.standing().filter(expires_at__gt=timezone.now())
    returns = list(
        AgencyReturn.objects.filter(pk__in=links.values("agency_return"))
        .select_related("audit")
        .order_by("pk")
    )
    number = links.update(withdrawn_at=timezone.now())
    for row in returns:
        _record("withdrew its contributors' links after a restore", row, by=by)
    return number


def _owed(agency_return: AgencyReturn) -> dict[UUID, int]:
    """How many cases each contributor has still to answer about."""
    return dict(
        ContributorRequest.objects.of_return(agency_return)
        .owing()
        .order_by()
        .values_list("contributor")
        .annotate(number=Count("pk"))
    )


def _write(link: ContributorLink, token: str, template: str, *, number: int) -> None:
    """The words that go with a link: how many cases, until when, and nothing about any. Nor who it
    is for: a lead may have listed somebody's mother under the name of the child."""
    agency_return = link.agency_return
    mail.send(
        link.email,
        template,
        {
            "agency": agency_return.agency,
            "partnership": agency_return.audit.partnership,
            "number": number,
            "answer_by": answer_by(link),
            "expires_at": link.expires_at,
            "link": mail.link("contribution-open", token),
        },
        key=f"{template}:{link.pk}:{link.token_hash[:16]}",
        partnership=agency_return.audit.partnership,
    )


def answer_by(link: ContributorLink) -> date:
    """The day the agency asks for: its own due date, or the link's last day once that is past."""
    due = link.agency_return.due_on
    last = timezone.localdate(link.expires_at)
    return due if due and timezone.localdate() <= due <= last else last


def standing_link(link: ContributorLink) -> ContributorLink:
    """The row, locked, if it still lets somebody in. Raises LinkClosedError."""
    row = (
        ContributorLink.objects.usable()
        .with_names()
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=link.pk)
        .first()
    )
    if row is None:
        raise LinkClosedError
    return row


@transaction.atomic
def send_code(*, by: ContributorLink) -> None:
    """Mail a fresh code to the mailbox the link went to; an earlier one stops working.

    Raises TooSoonError, or LinkClosedError.
    """
    link = standing_link(by)
    now = timezone.now()
    if link.code_sent_at is not None and link.code_sent_at > now - BETWEEN_CODES:
        raise TooSoonError("A code is on its way. Wait a minute before you ask for another.")
    if not _may_send_another(link):
        raise TooSoonError("Several codes were sent already. Ask for another in an hour.")
    code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    link.code_hash = _code_hash(link, code)
    link.code_sent_at = now
    link.code_attempts = _begun_code(link.code_attempts)
    link.save(update_fields=["code_hash", "code_sent_at", "code_attempts"])
    mail.send(
        link.email,
        "contributor_code",
        {"code": code, "minutes": int(link.CODE_VALID_FOR.total_seconds() // 60)},
        key=f"contributor_code:{link.pk}:{now.isoformat()}",
        partnership=link.agency_return.audit.partnership,
    )


def _begun_code(attempts: int) -> int:
    """Every code has its five tries: those left of the one before are not carried over."""
    tries = ContributorLink.TRIES_A_CODE
    return -(-attempts // tries) * tries


def _may_send_another(link: ContributorLink) -> bool:
    """Whoever asks holds the link's row, so nobody counts at the same moment.

    Never `cache.incr`: in the database it sets the key anew, for the five minutes of the default.
    """
    key, now = f"contributor-codes-sent:{link.pk}", timezone.now()
    sent = [moment for moment in cache.get(key, []) if moment > now - HOUR]
    if len(sent) >= CODES_AN_HOUR:
        return False
    cache.set(key, [*sent, now], timeout=HOUR.total_seconds())
    return True


def _code_hash(link: ContributorLink, code: str) -> str:
    """Keyed with the server's secret: a million codes are tried in a second from a table alone."""
    return salted_hmac("contributor code", f"{link.pk}:{code}", algorithm="sha256").hexdigest()


@activity.gathered()
def confirm(*, by: ContributorLink, code: str) -> bool:
    """Whether this is the code; a wrong one is counted. Raises LinkClosedError."""
    link = standing_link(by)
    if not link.code_is_open:
        return False
    if not constant_time_compare(link.code_hash, _code_hash(link, code)):
        _count_wrong(link)
        return False
    first = link.opened_at is None
    link.code_hash = ""
    link.code_attempts = 0
    link.opened_at = link.opened_at or timezone.now()
    link.save(update_fields=["code_hash", "code_attempts", "opened_at"])
    asked = ContributorRequest.Stage.ASKED
    ContributorRequest.objects.held_by(link).filter(stage=asked).update(
        stage=ContributorRequest.Stage.OPENED
    )
    verb = "opened a contributor's link" if first else "came back by a contributor's link"
    _record(verb, link.agency_return, by=None, subject=link.contributor)
    return True


def _count_wrong(link: ContributorLink) -> None:
    link.code_attempts += 1
    if link.code_attempts % link.TRIES_A_CODE == 0:
        link.code_hash = ""
    link.save(update_fields=["code_attempts", "code_hash"])
    if link.code_attempts >= link.LOCKED_AFTER:
        _record(
            "locked a contributor's link", link.agency_return, by=None, subject=link.contributor
        )


def _record(
    verb: str, agency_return: AgencyReturn, *, by: User | None, subject: object = None
) -> None:
    activity.record(
        verb,
        by=by,
        partnership=agency_return.audit.partnership_id,
        subject=subject or agency_return,
        audit_id=agency_return.audit_id,
    )
