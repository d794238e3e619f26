"""How long somebody stays signed in: so long after the last thing they did, and a day at most.

What a page asks for by itself does not count as something done: see `passive`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

BEGAN = "began"


class SessionStore(DatabaseStore):
    """Knows when it ends without asking again, and can be prolonged by one small statement."""

    ends_at: datetime | None = None

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        self.ends_at = found.expire_date if found else None
        return found

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        session = super().create_model_instance(data)
        began = data.get(BEGAN)
        session.expire_date = self._end(float(began) if began else None)
        self.ends_at = session.expire_date
        return session

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
        Session.objects.filter(session_key=self.session_key).update(expire_date=end)
        self.ends_at = end


@receiver(user_logged_in, dispatch_uid="session-begins")
def note_beginning(request: HttpRequest | None, **_signal: object) -> None:
    if request is not None:
        request.session[BEGAN] = timezone.now().timestamp()


def passive[View: Callable[..., Any]](view: View) -> View:
    """Marks a view that pages call by themselves: it keeps nobody signed in."""
    vars(view)["is_passive"] = True
    return view


def forgets_words[View: Callable[..., Any]](view: View) -> View:
    """Marks a view whose words are handed back to nobody, not even when a session ran out."""
    vars(view)["forgets_words"] = True
    return view
