from datetime import time

from agencies.timetable import TIMETABLE, Daily
from audits import tasks


def test_the_daily_mail_leaves_at_seven() -> None:
    entry = TIMETABLE["audits.tasks.send_digests"]

    assert (entry.task, entry.rhythm) == (tasks.send_digests, Daily(time(7)))
