from datetime import UTC, datetime, timedelta, timezone

import pytest

from agencies.moments import told_moment

AHEAD = timezone(timedelta(hours=14))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-04T05:06:07Z", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2026-03-04T05:06:07.5+14:00", datetime(2026, 3, 4, 5, 6, 7, 500000, tzinfo=AHEAD)),
        ("9998-12-31T23:59:59-14:00", datetime(9999, 1, 1, 13, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_moment_comes_back_as_it_was_told(text: str, moment: datetime) -> None:
    assert told_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "once",
        "\x00",
        "2026-02-30T05:06:07Z",
        "2026-03-04T05:06:07",
        "2026-03-04",
        "0001-01-01T00:00:00+14:00",
        "0001-12-31T00:00:00Z",
        "9999-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
    ],
)
def test_what_is_no_moment_or_cannot_be_reckoned_with_is_none(text: str) -> None:
    assert told_moment(text) is None
