from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.domain.reencryption import (
    encrypted_fields,
    reencrypt,
    reencrypt_second_factors,
)
from agencies.encryption import EncryptionError, keyring
from agencies.key_folder import KeyFolder, key_copies, key_folder


class Command(BaseCommand):
    help = (
        "Bring everything over to the newest master key: the keys in the key folder, its copies "
        "and the folders named, and what the database holds encrypted. Again does no harm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="*", type=Path, help="A copy of the key folder.")

    def handle(self, *_args: Any, folder: list[Path], **_options: Any) -> None:
        for path in folder:
            if not path.is_dir():
                raise CommandError(f"{path} is no folder that is there.")
        self.stdout.write(f"The newest master key is version {keyring().newest}.")
        try:
            for keys in [key_folder(), *key_copies(), *map(KeyFolder, folder)]:
                self.stdout.write(f"{keys.path}: {keys.rewrap()} keys wrapped anew")
            for model, field in encrypted_fields():
                done = reencrypt(model, field, by=None)
                self.stdout.write(f"{model._meta.label}.{field.name}: {done} encrypted anew")
            factors = reencrypt_second_factors(by=None)
            self.stdout.write(f"Second factors: {factors} encrypted anew")
        except EncryptionError as error:
            raise CommandError(f"{error} Nothing was lost; see docs/operators/keys.md.") from error
