"""What waits for those who look after people: who did not come in, who leaves, who is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from agencies.models import Agency, Invitation, Membership, OutboxMessage, Partnership, User
from agencies.reading.post import held_up
from agencies.roles import Permission
from reports.reading.home import record
from reports.reading.home.tasks import Task, counted, to

ENDING_WITHIN = timedelta(days=14)
REVIEW_SAID_BEFORE = timedelta(days=14)


@dataclass(frozen=True)
class People:
    """The state of a partnership's people in three numbers."""

    active: int
    waiting: int
    agencies: int


def tasks(user: User, partnership: Partnership) -> Iterator[Task]:
    yield from _unanswered(user, partnership)
    yield from _missing_leads(user, partnership)
    yield from _ending(user, partnership)
    yield from _access_review(partnership)
    yield from _mail(user, partnership)
    yield from record.tasks(user, partnership)


def _unanswered(user: User, partnership: Partnership) -> Iterator[Task]:
    people = User.objects.managed_by(user).of_partnership(partnership).not_in_yet()
    invitations = Invitation.objects.visible_to(user).unanswered().filter(user__in=people)
    names = [each.user.name for each in invitations.expired().select_related("user")]
    if names:
        yield Task(
            f"Send {counted(len(names), 'invitation')} again",
            to("person-list") + "?state=waiting",
            f"Ran out without an answer: {', '.join(names)}.",
        )


def _missing_leads(user: User, partnership: Partnership) -> Iterator[Task]:
    agencies = Agency.objects.managed_by(user).filter(partnership=partnership).without_lead()
    names = [agency.short_name for agency in agencies]
    if names:
        yield Task(
            f"Find a lead for {counted(len(names), 'agency', 'agencies')}",
            to("agency-list"),
            f"Nobody answers yet for {', '.join(names)}.",
        )


def _ending(user: User, partnership: Partnership) -> Iterator[Task]:
    today = timezone.localdate()
    ending = (
        Membership.objects.managed_by(user)
        .current()
        .filter(partnership=partnership, ends_on__lte=today + ENDING_WITHIN, user__is_active=True)
        .select_related("user", "agency")
    )
    for membership in ending:
        yield Task(
            f"A role of {membership.user.name} ends: extend it or let it go",
            to("person-detail", membership.user_id),
            str(membership),
            membership.ends_on,
        )


def _access_review(partnership: Partnership) -> Iterator[Task]:
    if partnership.access_review_due_on <= timezone.localdate() + REVIEW_SAID_BEFORE:
        yield Task(
            "Review who has access",
            to("access-review-list"),
            "Once a quarter each role is kept or ended. It takes a few minutes.",
            partnership.access_review_due_on,
        )


def _mail(user: User, partnership: Partnership) -> Iterator[Task]:
    """Only who may act on it is told, which is everybody who manages people."""
    if not user.may(Permission.SEE_MAIL, partnership):
        return
    if trouble := held_up():
        yield Task("Mail is held up", to("mail-list"), trouble.what, at_once=True)
    messages = OutboxMessage.objects.of_partnerships([partnership.pk])
    if number := messages.undecided().count():
        yield Task(
            f"Decide about {counted(number, 'message')}",
            to("mail-list"),
            "They were not sent, or nobody can say whether they were.",
        )


def people(user: User, partnership: Partnership) -> People:
    everybody = User.objects.managed_by(user).of_partnership(partnership)
    return People(
        active=everybody.current_in(partnership).count(),
        waiting=everybody.not_in_yet().count(),
        agencies=Agency.objects.managed_by(user)
        .filter(partnership=partnership, active=True)
        .count(),
    )
