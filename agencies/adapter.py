from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from agencies import mail


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: an account begins with an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, context)
        kind = template_prefix.rpartition("/")[2]
        mail.send_words(email, kind, str(message.subject), str(message.body))
