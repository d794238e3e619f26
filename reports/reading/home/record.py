"""Whoever keeps the installation is told when the record of what happened no longer holds."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from agencies.models import ActivityCheck, Partnership, User
from agencies.roles import Role
from reports.reading.home.tasks import Task, counted, to

CHECKED_EVERY = timedelta(days=2)
"""The timetable checks each night; a night may be missed."""
HOW = "Run manage.py verify_activity, which says where, before anything else is done."


def tasks(user: User, partnership: Partnership) -> Iterator[Task]:
    if not any(
        each.role == Role.ADMIN and each.partnership_id == partnership.pk
        for each in user.current_memberships
    ):
        return
    last = ActivityCheck.objects.order_by("-at", "-pk").first()
    if last is None:
        return
    if last.faults:
        found = counted(len(last.faults), "place")
        yield Task(
            "The record of what happened was interfered with",
            to("activity-list"),
            f"Something was altered or removed in {found}. {HOW}",
            at_once=True,
        )
    elif last.at < timezone.now() - CHECKED_EVERY:
        yield Task(
            "The record of what happened was not checked lately",
            to("activity-list"),
            "It is checked each night. See whether a worker runs.",
        )
