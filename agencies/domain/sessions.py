"""How long somebody stays signed in: so long after the last thing they did, and half a day at most.

What a page asks for by itself does not count as something done: see `passive`. Each session is a
row that says whose it is, so that a person sees where they are signed in, and a leaver's end.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from agencies.devices import in_words
from agencies.domain import activity, entrances
from agencies.models import SignedIn, User

BEGAN, DEVICE, REF = "began", "device", "ref"
KEY = re.compile(r"[a-z0-9]{8,40}")


def key_in(cookie: str | None) -> str | None:
    """The key a cookie holds, if it can be one: the database refuses some of what is none."""
    return cookie if cookie and KEY.fullmatch(cookie) else None


class SessionStore(DatabaseStore):
    """Knows when it ends without asking again, and can be prolonged by one small statement."""

    ends_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[SignedIn]:
        return SignedIn

    def _get_session_from_db(self) -> SignedIn | None:
        found: SignedIn | None = super()._get_session_from_db()  # type: ignore[misc]
        self.ends_at = found.expire_date if found else None
        return found

    def _validate_session_key(self, key: str | None) -> bool:
        return key_in(key) is not None

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        session = cast("SignedIn", super().create_model_instance(data))
        began = data.get(BEGAN)
        session.expire_date = self._end(float(began) if began else None)
        self.ends_at = session.expire_date
        session.user_id = data.get(SESSION_KEY)
        if began:
            session.began_at = datetime.fromtimestamp(float(began), tz=session.expire_date.tzinfo)
        session.device = data.get(DEVICE, "")
        if REF in data:
            session.ref = UUID(data[REF])
        return session

    def cycle_key(self) -> None:
        """The row of the new key has the name of the old one, which makes room for it first."""
        SignedIn.objects.filter(session_key=self.session_key).update(ref=uuid4())
        super().cycle_key()

    def _end(self, began: float | None) -> datetime:
        end = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        if began is None:
            return end
        longest = timedelta(seconds=settings.SESSION_LONGEST)
        return min(end, datetime.fromtimestamp(began, tz=end.tzinfo) + longest)

    @property
    def ends_in(self) -> int:
        """Seconds until it ends if nothing is done."""
        if self.ends_at is None:
            return 0
        return max(0, int((self.ends_at - timezone.now()).total_seconds()))

    def prolong(self) -> None:
        """Something was done. Written down only now and then: each autosave would pay for it."""
        end = self._end(self.get(BEGAN))
        worth_it = timedelta(seconds=settings.SESSION_COOKIE_AGE / 20)
        if self.ends_at is None or end - self.ends_at < worth_it:
            return
        row = SignedIn.objects.filter(session_key=self.session_key)
        row.update(expire_date=end, seen_at=timezone.now())
        self.ends_at = end


@receiver(user_logged_in, dispatch_uid="session-begins")
def note_beginning(request: HttpRequest | None, **_signal: object) -> None:
    if request is not None:
        request.session[BEGAN] = timezone.now().timestamp()
        request.session[DEVICE] = in_words(request.headers.get("User-Agent", ""))
        request.session[REF] = str(uuid4())


@transaction.atomic
def end_sessions(*, user: User, but: str | None = None) -> int:
    """Sign a person out everywhere, or everywhere but in the session of this key; how many.

    Whoever calls it records why.
    """
    rows = SignedIn.objects.visible_to(user).exclude(session_key=but or "")
    return rows.delete()[0]


@activity.gathered()
def end_session(*, user: User, ref: UUID) -> bool:
    """Sign a person out in one of their places; whether there was one of that name."""
    ended, _ = SignedIn.objects.visible_to(user).filter(ref=ref).delete()
    if ended:
        entrances.note(entrances.SIGNED_OUT_THERE, user)
    return ended > 0


@activity.gathered()
def end_others(*, user: User, here: str | None) -> int:
    """Sign a person out everywhere but in the session of this key; how many places those were."""
    ended = end_sessions(user=user, but=here)
    if ended:
        entrances.note(entrances.SIGNED_OUT_ELSEWHERE, user)
    return ended


def end_all() -> int:
    """Everybody signs in again and contributors open their links again; how many had been in."""
    return sum(rows.delete()[0] for rows in (SignedIn.objects.all(), Session.objects.all()))


def forget_old() -> None:
    """Sessions that have run out, contributors' among them."""
    for rows in (SignedIn.objects.all(), Session.objects.all()):
        rows.filter(expire_date__lt=timezone.now()).delete()


def limits() -> dict[str, str]:
    """How long one stays signed in, in words."""
    minutes = settings.SESSION_COOKIE_AGE // 60
    idle = "an hour" if minutes == 60 else f"{minutes} minutes"
    return {"idle": idle, "longest": f"{settings.SESSION_LONGEST // 3600} hours"}


def passive[View: Callable[..., Any]](view: View) -> View:
    """Marks a view that pages call by themselves: it keeps nobody signed in."""
    vars(view)["is_passive"] = True
    return view


def forgets_words[View: Callable[..., Any]](view: View) -> View:
    """Marks a view whose words are handed back to nobody, not even when a session ran out."""
    vars(view)["forgets_words"] = True
    return view
