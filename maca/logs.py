import logging
import re

# A link that lets somebody in without a password is a secret for as long as it works.
LINK = re.compile(r"(/key/|/invitations/|/contribute/links/)[^/\s]+")


def mask(text: str) -> str:
    return LINK.sub(r"\1…", text)


class MaskLinks(logging.Filter):
    """Keeps the secret part of one-time links out of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = mask(record.getMessage())
        record.args = ()
        return True
