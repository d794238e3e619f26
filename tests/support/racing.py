"""Several writes at once, each stopped at a known point: no sleeping, and no luck."""

from collections.abc import Callable
from contextlib import ExitStack
from threading import Event, Thread

from django.db import connection, connections, transaction

from agencies.models import ActivityChain

SEVERAL = connection.vendor == "postgresql"
"""Whether this database has several writers at once; SQLite has one, so they go one by one."""


class Lane:
    """One of them, in a thread and on a connection of its own."""

    def __init__(self, doing: Callable[[], object]) -> None:
        self.doing = doing
        self.connected = Event()
        self.pid = 0
        self.error: Exception | None = None
        self.thread = Thread(target=self._run)

    def _run(self) -> None:
        try:
            if SEVERAL:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    (self.pid,) = cursor.fetchone()
            self.connected.set()
            self.doing()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test judges it
            self.error = error
        finally:
            self.connected.set()
            connections.close_all()

    def go(self) -> None:
        """Until it waits for somebody, or is done."""
        self.thread.start()
        self.connected.wait()
        while self.thread.is_alive() and not self._waits():
            continue

    def _waits(self) -> bool:
        if not SEVERAL:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [self.pid])
            return bool(cursor.fetchone()[0])


def in_turn(chain: str, *doings: Callable[[], object]) -> list[Exception | None]:
    """Start each once the one before waits, while somebody else writes to the chain of this key;
    then let them all go on. What each raised, in their order.

    Whoever has come as far as its own entry waits for that chain, holding what it locked before.
    """
    lanes = [Lane(each) for each in doings]
    with ExitStack() as held:
        if SEVERAL:
            held.enter_context(transaction.atomic())
            ActivityChain.objects.select_for_update().get(key=chain)
        for each in lanes:
            each.go()
    for each in lanes:
        each.thread.join()
    return [each.error for each in lanes]
