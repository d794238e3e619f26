from datetime import datetime

from django.db import transaction

from agencies.models import TimetableEntry
from agencies.timetable import TIMETABLE, Timetabled

Known = dict[str, datetime]


def queue_due(now: datetime, known: Known) -> int:
    """Queue every task whose time has come; the number of them.

    `known` is one worker's memory of what has been seen to, which spares the database a question
    a second.
    """
    queued = 0
    for entry in TIMETABLE.values():
        due = entry.rhythm.last_due(now)
        if known.get(entry.name) != due:
            queued += _see_to(entry, due)
            known[entry.name] = due
    return queued


@transaction.atomic
def _see_to(entry: Timetabled, due: datetime) -> bool:
    """Whether it was ours to queue. What is new on the timetable waits for its next time."""
    rows = TimetableEntry.objects.select_for_update(no_key=True)
    row, is_new = rows.get_or_create(name=entry.name, defaults={"last_due": due})
    if is_new or row.last_due >= due:
        return False
    row.last_due = due
    row.save(update_fields=["last_due"])
    entry.task.enqueue()
    return True
