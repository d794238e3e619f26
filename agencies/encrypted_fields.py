"""A text that the database holds encrypted with the master key."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from agencies.encryption import EncryptionError, keyring


class EncryptedTextField(models.TextField[Any, Any]):
    """Reads and writes as text, and lies in the database as a token of its model and field.

    It cannot be searched or sorted by: the same text is another token each time. Where equality
    must be asked, keep a keyed hash beside it (`Cipher.digest`).
    """

    @property
    def bound_to(self) -> str:
        return f"field {self.model._meta.label_lower}.{self.name}"

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        text = super().get_db_prep_value(value, connection, prepared)
        return None if text is None else keyring().encrypt(text.encode(), bound_to=self.bound_to)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> str | None:
        if value is None:
            return None
        return keyring().decrypt(value, bound_to=self.bound_to).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        raise EncryptionError(f"{self.model._meta.label}.{self.name} is never exported.")
