from typing import Any

from django.core.management.base import CommandError

from agencies.domain.reencryption import (
    encrypted_fields,
    reencrypt,
    reencrypt_second_factors,
)
from agencies.encryption import EncryptionError, keyring
from audits.management.folders import FoldersCommand


class Command(FoldersCommand):
    help = (
        "Bring everything over to the newest master key: the keys in the key folder, its copies "
        "and the folders named, and what the database holds encrypted. Again does no harm."
    )

    def handle(self, *_args: Any, **options: Any) -> None:
        folders = self.folders(options)
        self.stdout.write(f"The newest master key is version {keyring().newest}.")
        try:
            for keys in folders:
                self.stdout.write(f"{keys.path}: {keys.rewrap()} keys wrapped anew")
            for model, field in encrypted_fields():
                done = reencrypt(model, field, by=None)
                self.stdout.write(f"{model._meta.label}.{field.name}: {done} encrypted anew")
            factors = reencrypt_second_factors(by=None)
            self.stdout.write(f"Second factors: {factors} encrypted anew")
        except EncryptionError as error:
            raise CommandError(f"{error} Nothing was lost; see docs/operators/keys.md.") from error
