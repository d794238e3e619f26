"""What this app puts on the timetable."""

from agencies.timetable import daily
from audits.domain import digests


@daily(at="07:00")
def send_digests() -> None:
    digests.send_digests()
