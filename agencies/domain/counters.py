"""What is counted for a while, wrong passwords above all: rows of the cache's table.

It has no model. Django removes a row only when it is asked for once more, or when the table is
full; then a third of it goes, whatever it counts. So it is kept from filling instead.
"""

from django.db import connection
from django.utils import timezone


def forget_old() -> None:
    """Rows whose time is over."""
    now = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0))
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM "cache_entry" WHERE "expires" < %s', [now])
