from collections.abc import Iterator
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps, override_settings

from agencies.encrypted_fields import EncryptedTextField
from agencies.encryption import EncryptionError, KeyMissingError, WrongKeyError, keyring

KEY = "A" * 43 + "="
OTHER = "B" * 43 + "="


@pytest.fixture
def secret(transactional_db: None) -> Iterator[Any]:
    with isolate_apps("agencies"):

        class Secret(models.Model):
            words = EncryptedTextField(null=True)
            note = EncryptedTextField(default="")

            class Meta:
                app_label = "agencies"

            def __str__(self) -> str:
                return f"{self.pk}"

        with connection.schema_editor() as editor:
            editor.create_model(Secret)
        yield Secret
        with connection.schema_editor() as editor:
            editor.delete_model(Secret)


def lying_there(column: str = "words") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM agencies_secret ORDER BY id")  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def test_the_database_holds_tokens_however_they_were_written(secret: Any) -> None:
    secret.objects.create(words="plain one")
    secret.objects.bulk_create([secret(words="plain two"), secret(words="")])
    rows = list(secret.objects.order_by("pk"))
    assert [row.words for row in rows] == ["plain one", "plain two", ""]
    rows[0].words = "plain three"
    secret.objects.bulk_update(rows[:1], ["words"])
    secret.objects.filter(pk=rows[1].pk).update(words="plain four")
    assert list(secret.objects.order_by("pk").values_list("words", flat=True)) == [
        "plain three",
        "plain four",
        "",
    ]
    assert all(each.startswith("1.") and "plain" not in each for each in lying_there())


def test_nothing_is_nothing(secret: Any) -> None:
    secret.objects.create(words=None)
    assert lying_there() == [None]
    assert secret.objects.get(words__isnull=True).words is None


def test_a_wrong_or_missing_key_is_a_failure(secret: Any) -> None:
    with override_settings(MASTER_KEYS=f"1:{KEY}"):
        secret.objects.create(words="plain")
    with override_settings(MASTER_KEYS=f"1:{OTHER}"), pytest.raises(WrongKeyError):
        secret.objects.get()
    with override_settings(MASTER_KEYS=f"2:{OTHER}"), pytest.raises(KeyMissingError):
        secret.objects.get()
    with override_settings(MASTER_KEYS=f"2:{OTHER},1:{KEY}"):
        assert secret.objects.get().words == "plain"


def test_what_was_written_around_the_field_is_not_handed_out(secret: Any) -> None:
    secret.objects.create(words="plain")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_secret SET words = 'in clear'")
    with pytest.raises(WrongKeyError):
        secret.objects.get()


def test_a_token_opens_in_its_own_field_alone(secret: Any) -> None:
    row = secret.objects.create(words="plain", note="other")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_secret SET note = words")
    with pytest.raises(WrongKeyError):
        secret.objects.get()
    token = lying_there()[0]
    assert keyring().decrypt(token, bound_to="field agencies.secret.words") == b"plain"
    assert row.words == "plain"


def test_it_is_not_searched(secret: Any) -> None:
    for lookup in "words", "words__contains", "words__in", "words__iexact":
        with pytest.raises(FieldError):
            secret.objects.filter(**{lookup: "plain"}).exists()


def test_it_is_not_exported(secret: Any) -> None:
    secret.objects.create(words="plain")
    with pytest.raises(EncryptionError, match="never exported"):
        serializers.serialize("json", secret.objects.all())
