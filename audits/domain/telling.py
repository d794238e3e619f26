"""Who is told that a word is a name which the seal of an audit holds.

Each such answer says a little of who a child is. So it is given about words that stand in a saved
text and no others, to whoever may look at the identities anyway; what is told is recorded, and
whoever does not run the audit is told of so many names a day.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from agencies.domain import activity
from agencies.encryption import keyring
from agencies.models import Activity, ActivityKind, User
from agencies.roles import Permission
from audits.domain.screened import Scope, Screener, subject_of
from audits.screening import Hit
from audits.screening.known_names import CODE as KNOWN_NAME
from audits.screening.words import words_of

A_DAY = 20
"""Names, a first and a family name being two: more than anybody writes who has been warned."""

TOLD = "was told of a name that is sealed"
PURPOSE = "names told"
REMEMBERED = timedelta(days=1)


def hits_for(screener: Screener, texts: Mapping[str, str], *, by: User) -> dict[str, list[Hit]]:
    """What stands undecided in each of these texts, as far as this person may hear of it.

    A text with a name that they may not hear of is screened as if nobody knew the names, so that
    nothing tells it from one without. Raises ScreeningDownError.
    """
    found = {name: screener.flags(text) for name, text in texts.items()}
    names = {hit.text for hits in found.values() for hit in hits if hit.rule == KNOWN_NAME}
    heard = tell(screener.scope, names, by=by) if names else names
    if heard == names:
        return found
    plain = screener.without_names()
    return {
        name: plain.flags(texts[name]) if _says(hits, names - heard) else hits
        for name, hits in found.items()
    }


def _says(hits: Iterable[Hit], names: set[str]) -> bool:
    return any(hit.rule == KNOWN_NAME and hit.text in names for hit in hits)


@activity.gathered()
def tell(scope: Scope, names: Iterable[str], *, by: User) -> set[str]:
    """Those of these names that this person hears of today, recorded one by one.

    What they heard of before on the same day is neither counted nor recorded again; which names
    those are is remembered by keyed hashes in the cache alone, and what it forgets counts anew.
    """
    # Whoever asks several times at once is counted one time after another.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    remembered = f"names-told:{by.pk}:{scope.audit_id}:{timezone.localdate()}"
    before: frozenset[str] = cache.get(remembered, frozenset())
    left = _left(scope, by)
    heard: set[str] = set()
    new: set[str] = set()
    for name in sorted(names):
        own = _marks(scope, name) - before
        if left is None or len(own | new) <= left:
            heard.add(name)
            new |= own
    if new:
        _record(scope, len(new), by=by)
        cache.set(remembered, before | new, timeout=int(REMEMBERED.total_seconds()))
    return heard


def _left(scope: Scope, by: User) -> int | None:
    """How many names they may still be told of today; None without end, for who sealed them."""
    if by.may(Permission.RUN_AUDIT, scope.partnership_id):
        return None
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    told = Activity.objects.filter(by=by, kind=ActivityKind.VIEW, verb=TOLD, at__gte=midnight)
    return A_DAY - told.count()


def _marks(scope: Scope, name: str) -> frozenset[str]:
    ring = keyring()
    cipher = ring.ciphers[ring.newest]
    return frozenset(
        cipher.digest(f"{scope.audit_id} {word.key}", purpose=PURPOSE) for word in words_of(name)
    )


def _record(scope: Scope, times: int, *, by: User) -> None:
    subject = subject_of(scope)
    for _ in range(times):
        activity.record(
            TOLD,
            by=by,
            partnership=scope.partnership_id,
            subject=subject,
            audit_id=scope.audit_id,
            kind=ActivityKind.VIEW,
        )
