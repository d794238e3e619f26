"""What the database holds encrypted is brought over to the newest master key, row by row.

Each row is read with the key it names and written with the newest, in a transaction of its own, so
that it may be stopped and begun again.
"""

import re
from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Cast

from agencies.encrypted_fields import EncryptedTextField
from agencies.encryption import keyring
from agencies.models import User
from agencies.second_factor import PURPOSE

TOKEN = re.compile(r"^\d+\.[\w=-]+$")

Encrypted = tuple[type[models.Model], EncryptedTextField]


def encrypted_fields() -> Iterator[Encrypted]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def reencrypt(model: type[models.Model], field: EncryptedTextField, *, by: User | None) -> int:
    """The number of rows that were not written with the newest key. Raises EncryptionError."""
    rows: Any = model._default_manager.annotate(token=Cast(field.name, models.TextField()))
    tokens = rows.exclude(token=None).values_list("pk", "token")
    stale = [pk for pk, token in tokens.iterator() if not keyring().is_newest(token)]
    for pk in stale:
        with transaction.atomic():
            row = model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=pk)
            model._default_manager.filter(pk=pk).update(**{field.name: getattr(row, field.attname)})
    return len(stale)


def reencrypt_second_factors(*, by: User | None) -> int:
    """The same for the secrets of second factors, whose rows are the library's."""
    done = 0
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update(no_key=True).get(pk=pk)
            data = _anew(row.data)
            if data != row.data:
                Authenticator.objects.filter(pk=pk).update(data=data)
                done += 1
    return done


def _anew(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _anew(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_anew(each) for each in value]
    if isinstance(value, str) and TOKEN.match(value) and not keyring().is_newest(value):
        return keyring().encrypt(keyring().decrypt(value, bound_to=PURPOSE), bound_to=PURPOSE)
    return value
