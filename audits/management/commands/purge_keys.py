from typing import Any

from audits.domain.identity_destruction import destroyed_keys
from audits.management.folders import FoldersCommand


class Command(FoldersCommand):
    help = (
        "Destroy, in the key folder, its copies, and the folders named, every key that was "
        "destroyed before: after a restore, or for a copy that this server did not reach."
    )

    def handle(self, *_args: Any, **options: Any) -> None:
        folders = self.folders(options)
        gone = destroyed_keys().union(*(keys.destroyed() for keys in folders))
        for keys in folders:
            self.stdout.write(f"{keys.path}: {keys.purge(gone)} destroyed")
