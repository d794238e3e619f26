"""An SMTP connection that knows whether the server may have taken a message.

Until the server has been given a message's words it cannot have accepted the message, however the
connection ends; after that only its answer tells.
"""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangosBackend


class _Noting:
    """Mixed into smtplib's classes: `in_doubt` from the first word handed over to the answer."""

    in_doubt = False

    def data(self, msg: Any) -> Any:
        self.in_doubt = True
        try:
            answer = super().data(msg)  # type: ignore[misc]
        except smtplib.SMTPDataError:
            # It did not even want to hear the words.
            self.in_doubt = False
            raise
        self.in_doubt = False
        return answer


class NotingSMTP(_Noting, smtplib.SMTP):
    pass


class NotingSMTPoverTLS(_Noting, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangosBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return NotingSMTPoverTLS if self.use_ssl else NotingSMTP

    @property
    def in_doubt(self) -> bool:
        return bool(getattr(self.connection, "in_doubt", False))
