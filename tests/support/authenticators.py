"""Second factors for tests: an app's secret and what it shows just now, and recovery codes."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from agencies.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30


def shown(secret: str = SECRET, *, steps: int = 0) -> str:
    """What the app shows now, or showed so many steps of half a minute before."""
    value = hotp_value(secret, int(time.time()) // PERIOD - steps)
    return str(format_hotp_value(value))


def with_app(user: User, secret: str = SECRET) -> User:
    TOTP.activate(user, secret)
    return user


def with_codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes
