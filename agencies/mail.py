"""The only place through which mail leaves.

Mail carries no case content: what is due, when, and a link (design, privacy rule 5).
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse


def link(route: str, *args: object) -> str:
    """An absolute address, for the body of a mail."""
    return f"{settings.BASE_URL}{reverse(route, args=args)}"


def send(to: str, template: str, context: Mapping[str, Any]) -> None:
    """Send `mail/<template>.txt`, its first line the subject, once the transaction has held.

    A mail server that refuses is logged; what was written stays written.
    """
    subject, _, body = render_to_string(f"mail/{template}.txt", dict(context)).partition("\n")
    message = EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[to])
    transaction.on_commit(lambda: deliver(message), robust=True)


def deliver(message: EmailMessage) -> None:
    message.send()
