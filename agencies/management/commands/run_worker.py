import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agencies.worker import Worker


class Command(BaseCommand):
    help = "Do the background work: mail, jobs, the timetable, and what dead workers left."

    def add_arguments(self, parser: CommandParser) -> None:
        ends = parser.add_mutually_exclusive_group()
        ends.add_argument("--once", action="store_true", help="look once, then end")
        ends.add_argument(
            "--until-idle", action="store_true", help="end when nothing is left to do"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        worker = Worker()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: worker.stopping.set())
        if options["once"]:
            worker.run_once()
        elif options["until_idle"]:
            worker.run_until_idle()
        else:
            self.stdout.write(f"Working as {worker.name}. Ctrl-C ends it.")
            worker.run()
