"""What a password has to be, and how long a link for choosing a new one works."""

import hashlib
import logging
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError

from agencies.breached import BreachedFile, BreachedFileError
from agencies.models import User

logger = logging.getLogger(__name__)

SHORTEST = 15
FEWEST_SIGNS = 5
ADVICE = "Three or four words that have nothing to do with one another make a good one."


class LongEnough:
    def validate(self, password: str, user: object = None) -> None:
        if len(password) < SHORTEST:
            had = f"{len(password)} character{'' if len(password) == 1 else 's'}"
            raise ValidationError(
                f"This password has {had}. Choose one of at least {SHORTEST}. {ADVICE}",
                code="password_too_short",
            )

    def get_help_text(self) -> str:
        return f"At least {SHORTEST} characters. {ADVICE}"


class NotAboutYou(UserAttributeSimilarityValidator):
    def get_help_text(self) -> str:
        return "Nothing made of your name or your e-mail address."


class NotCommon(CommonPasswordValidator):
    """None of Django's list of twenty thousand, nor one of them over and over, nor a pattern.

    Few of that list have fifteen characters, so what is made of them by repeating counts too.
    """

    def validate(self, password: str, user: object = None) -> None:
        plain = password.lower().strip()
        if plain in self.passwords or _unit(plain) in self.passwords or _is_pattern(plain):
            raise ValidationError(
                "This password is among the first that anybody would try. Choose another. "
                + ADVICE,
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return "Nothing that is often used, and nothing repeated over and over."


def _unit(password: str) -> str:
    """What a password repeats: “word” of “wordwordword”; the whole of one that repeats nothing."""
    return password[: (password + password).find(password, 1)] if password else ""


def _is_pattern(password: str) -> bool:
    """Hardly any different signs, something short repeated, or a run such as 123456 or abcdef."""
    runs = sum(abs(ord(b) - ord(a)) <= 1 for a, b in pairwise(password))
    return (
        len(set(password)) < FEWEST_SIGNS
        or len(_unit(password)) < FEWEST_SIGNS
        or runs > len(password) * 3 // 4
    )


class NotBreached:
    """Not among those that have been stolen elsewhere, as far as the operator's file knows.

    Nothing is asked of anybody: the file lies on this machine. Where one is named and cannot be
    read, no password is taken at all.
    """

    def validate(self, password: str, user: object = None) -> None:
        if not settings.BREACHED_PASSWORDS:
            return
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()
        try:
            is_known = BreachedFile(Path(settings.BREACHED_PASSWORDS)).holds(digest)
        except (OSError, BreachedFileError) as error:
            logger.error("MACA_BREACHED_PASSWORDS cannot be read: %s", type(error).__name__)  # noqa: TRY400 - the traceback would repeat the path alone
            raise ValidationError(
                "No password can be chosen just now: this is our fault, and not your password’s. "
                "Tell the administrator that the list of stolen passwords cannot be read.",
                code="password_unchecked",
            ) from error
        if is_known:
            raise ValidationError(
                "This password was stolen from another service, so others know it. Choose one "
                f"that you use nowhere else. {ADVICE}",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return "None that is known to have been stolen elsewhere."


class ResetTokens(PasswordResetTokenGenerator):
    """A link for a new password is over when the account is shut or its last role ends.

    It stays so when the account is opened again: whoever wants one asks for a fresh one.
    """

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        value: str = super()._make_hash_value(user, timestamp)
        person: User = user
        vouched: datetime = person.vouched_at
        is_in = bool(person.current_memberships)
        return f"{value}{person.is_active}{is_in}{vouched.isoformat()}"
