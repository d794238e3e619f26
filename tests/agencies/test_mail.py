"""Mail leaves after the write it tells of, and a mail server that refuses undoes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import transaction

from agencies import mail
from agencies.models import MessageState, OutboxMessage, Partnership
from agencies.roles import Role
from tests.factories import MembershipFactory, PartnershipFactory


def context() -> dict[str, Any]:
    membership = MembershipFactory(role=Role.MEMBER)
    return {
        "membership": membership,
        "user": membership.user,
        "by": membership.user,
        "partnership": membership.partnership,
        "link": "http://127.0.0.1:8000/x/",
    }


@pytest.mark.django_db
def test_the_first_line_is_the_subject_and_nothing_is_escaped(
    mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    words = context()
    words["partnership"].name = "Fens & Marshes <Board>"
    with django_capture_on_commit_callbacks(execute=True):
        mail.send("nora@fenshire.example", "role_given", words)
    (message,) = mailoutbox
    assert message.subject == "You have a new role in Fens & Marshes <Board>"
    assert str(message.body).startswith(f"Dear {words['user'].name},\n\n")
    assert str(message.body).endswith("http://127.0.0.1:8000/x/\n")
    assert message.to == ["nora@fenshire.example"]
    assert message.from_email == "maca@fenshire.example"


@pytest.mark.django_db
def test_a_name_with_a_line_break_adds_no_header(
    mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    words = context()
    words["partnership"].name = "Fens\nBcc: everybody@fenshire.example"
    with django_capture_on_commit_callbacks(execute=True):
        mail.send("nora@fenshire.example", "role_given", words)
    (message,) = mailoutbox
    assert message.subject == "You have a new role in Fens"
    assert message.recipients() == ["nora@fenshire.example"]


@pytest.mark.django_db
def test_a_write_that_fails_sends_nothing(
    mailoutbox: list[EmailMessage], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    words = context()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        mail.send("nora@fenshire.example", "role_given", words)
        transaction.set_rollback(True)
    assert mailoutbox == []


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_undoes_nothing_and_the_mail_waits(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    # Port 1 of this computer: nobody listens there.
    options = {"host": "127.0.0.1", "port": 1}
    settings.MAILERS = {"default": {"BACKEND": "agencies.smtp.EmailBackend", "OPTIONS": options}}
    words = context()
    with transaction.atomic():
        kept: Partnership = PartnershipFactory()
        mail.send("nora@fenshire.example", "role_given", words)
    assert Partnership.objects.filter(pk=kept.pk).exists()
    assert OutboxMessage.objects.get().state == MessageState.WAITING
    assert "nobody answers at the mail server’s address" in caplog.text
    assert "nora@fenshire.example" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_an_occasion_has_one_mail_with_its_partnership_and_its_calendar(
    mailoutbox: list[EmailMessage],
) -> None:
    words = context()
    for _ in range(2):
        mail.send(
            "nora@fenshire.example",
            "role_given",
            words,
            key="role:7",
            partnership=words["partnership"],
            calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        )
    (message,) = mailoutbox
    assert message.attachments[0].filename == "dates.ics"
    assert OutboxMessage.objects.get().partnership == words["partnership"]


@pytest.mark.django_db(transaction=True)
def test_where_a_worker_sends_the_request_only_writes(
    settings: Any, mailoutbox: list[EmailMessage]
) -> None:
    settings.WORKER = "separate"
    mail.send("nora@fenshire.example", "role_given", context())
    assert mailoutbox == []
    assert OutboxMessage.objects.get().state == MessageState.WAITING


def test_a_link_is_absolute(settings: Any) -> None:
    settings.BASE_URL = "https://maca.fenshire.example"
    assert mail.link("person-list") == "https://maca.fenshire.example/people/"
