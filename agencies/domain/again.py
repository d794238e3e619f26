"""A write that the database threw out in favour of somebody else's, and its second try."""

from collections.abc import Callable
from functools import wraps

from django.db import OperationalError, connection

# PostgreSQL: two waited for each other, or could not be put one after the other. SQLite has one
# writer at a time, for whom everybody else waits so long and no longer.
THROWN_OUT = {"40P01", "40001", "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT"}


def was_thrown_out(error: BaseException) -> bool:
    """Whether nothing was wrong with the write but its moment."""
    cause = error.__cause__
    names = {getattr(cause, "pgcode", None), getattr(cause, "sqlite_errorname", None)}
    return isinstance(error, OperationalError) and not names.isdisjoint(THROWN_OUT)


def once_more[**P, R](write: Callable[P, R]) -> Callable[P, R]:
    """Marks a transaction that is tried again, once, when it was thrown out.

    For what does nothing but write, and takes nothing that the first try uses up. Inside another
    transaction, which is lost with it, it is not tried again.
    """

    @wraps(write)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return write(*args, **kwargs)
        except OperationalError as error:
            if connection.in_atomic_block or not was_thrown_out(error):
                raise
        return write(*args, **kwargs)

    return tried
