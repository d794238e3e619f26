"""The only place through which mail leaves: written into the outbox, handed over by a worker.

Mail carries no case content: what is due, when, and a link (design, privacy rule 5).
"""

import logging
import smtplib
from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from agencies.domain import outbox
from agencies.domain.outbox import Outcome
from agencies.models import OutboxMessage, Partnership

logger = logging.getLogger(__name__)

WRITING = "inside the request"


def link(route: str, *args: object) -> str:
    """An absolute address, for the body of a mail."""
    return f"{settings.BASE_URL}{reverse(route, args=args)}"


def send(
    to: str,
    template: str,
    context: Mapping[str, Any],
    *,
    key: str | None = None,
    partnership: Partnership | None = None,
    calendar: bytes | None = None,
) -> None:
    """Have `mail/<template>.txt` sent, its first line the subject, if the transaction holds.

    `key` names the occasion ("reminder:<return>:2026-11-22"): a second mail with a key that was
    used before is not written. `partnership` says whose officers see it when it cannot be sent.
    `calendar` goes along as an .ics file. A mail server that refuses undoes nothing.
    """
    subject, body = words(template, context)
    send_words(to, template, subject, body, key=key, partnership=partnership, calendar=calendar)


def words(template: str, context: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and body as they will be sent, for a preview too."""
    subject, _, body = render_to_string(f"mail/{template}.txt", dict(context)).partition("\n")
    return subject.strip(), body.strip() + "\n"


def send_words(to: str, template: str, subject: str, body: str, **about: Any) -> None:
    """The same for words that something else has put together; `about` as for `send`."""
    message = outbox.write_message(
        to=to, template=template, subject=subject.strip(), body=body.strip() + "\n", **about
    )
    if settings.WORKER == "immediate":
        transaction.on_commit(lambda: send_at_once(message), robust=True)


def send_at_once(message: OutboxMessage) -> None:
    with Outlet() as outlet:
        outlet.post(WRITING, only=message)


class OutletClosedError(Exception):
    """The mail server cannot be reached at all; nothing was offered to it."""


class Outlet:
    """The way to the mail server, kept open from one message to the next."""

    def __init__(self) -> None:
        self._backend: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def open(self) -> None:
        """Raises OutletClosedError, in whose words no secret and no address stands."""
        if self._backend is not None:
            return
        backend: Any = mailers.default
        try:
            if _lasts(backend):
                backend.open()
        except (OSError, smtplib.SMTPException) as error:
            raise OutletClosedError(_said(error)) from error
        self._backend = backend

    def close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            try:
                backend.close()
            except (OSError, smtplib.SMTPException):
                logger.info("The mail server hung up before the goodbye.")

    def post(self, worker: str, *, only: OutboxMessage | None = None) -> bool:
        """Send the next message that is due; False if none is. Raises OutletClosedError.

        The way is opened first: while the server is down no message is even taken.
        """
        self.open()
        message = outbox.claim(worker=worker, only=only)
        if message is None:
            return False
        outcome, fault = self._hand_over(message)
        outbox.settle(message, outcome, fault)
        if outcome != Outcome.ACCEPTED:
            logger.warning("Mail %s (%s): %s, %s", message.pk, message.template, outcome, fault)
        if outcome in {Outcome.NOT_OFFERED, Outcome.DOUBTFUL} or not _lasts(self._backend):
            self.close()
        return True

    def _hand_over(self, message: OutboxMessage) -> tuple[Outcome, str]:
        mail = _as_mail(message)
        try:
            self._backend.send_messages([mail])
        except smtplib.SMTPServerDisconnected as error:
            in_doubt = getattr(self._backend, "in_doubt", True)
            return Outcome.DOUBTFUL if in_doubt else Outcome.NOT_OFFERED, _said(error)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
            return _verdict(_code(error)), _said(error)
        except ValueError as error:  # An address that no server would take.
            return Outcome.REFUSED, _said(error)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody can say how far it came.
            return Outcome.DOUBTFUL, _said(error)
        return Outcome.ACCEPTED, ""


def _lasts(backend: Any) -> bool:
    """Whether one connection carries several messages; what writes files makes one for each."""
    return hasattr(backend, "in_doubt")


def _as_mail(message: OutboxMessage) -> EmailMessage:
    """Its id is the row's, so that a mailbox which gets it twice can tell."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(message.subject, message.body, to=[message.to], headers=headers)
    if message.calendar:
        mail.attach("dates.ics", bytes(message.calendar), "text/calendar")
    return mail


def _code(error: smtplib.SMTPException) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    return int(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else 0


def _verdict(code: int) -> Outcome:
    if 400 <= code < 500:
        return Outcome.NOT_NOW
    return Outcome.REFUSED if 500 <= code < 600 else Outcome.DOUBTFUL


def _answer(code: int) -> str:
    outcome = _verdict(code)
    if outcome == Outcome.NOT_NOW:
        return f"the mail server asked for another try later ({code})"
    if outcome == Outcome.REFUSED:
        return f"the mail server refused the address or the message ({code})"
    return f"the mail server gave an answer that says nothing ({code})"


def _said(error: Exception) -> str:
    """A few words for a person to go by; never the server's own, which repeat addresses."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "the mail server did not accept our password"
    if isinstance(error, ConnectionRefusedError):
        return "nobody answers at the mail server’s address"
    if isinstance(error, TimeoutError):
        return "the mail server did not answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the connection to the mail server broke"
    if isinstance(error, smtplib.SMTPException) and (code := _code(error)):
        return _answer(code)
    if isinstance(error, ValueError):
        return "the address is not one to which mail can be sent"
    if isinstance(error, OSError):
        return f"the mail server could not be reached ({type(error).__name__})"[:60]
    return f"sending it went wrong ({type(error).__name__})"[:60]
