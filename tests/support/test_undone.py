"""Whether what is tried out leaves nothing behind."""

from uuid import uuid4

import pytest

from agencies.encryption import KeyMissingError
from agencies.key_folder import KeyDestroyedError, key_folder
from agencies.models import Partnership
from tests.factories import PartnershipFactory
from tests.support.undone import undone


@pytest.mark.django_db
def test_rows_and_keys_are_as_they_were() -> None:
    kept, made = uuid4(), uuid4()
    key_folder().make(kept)

    with undone():
        PartnershipFactory()
        key_folder().make(made)
        key_folder().destroy(kept)
        with pytest.raises(KeyDestroyedError):
            key_folder().cipher(kept)

    assert not Partnership.objects.exists()
    assert key_folder().cipher(kept)
    with pytest.raises(KeyMissingError):
        key_folder().cipher(made)
