import pytest
from django.test.utils import override_settings

from agencies.backup_checks import check_backup_keys

MASTER = "1:" + "A" * 43 + "="
ANOTHER = "1:" + "B" * 43 + "="


@pytest.mark.parametrize(
    ("keys", "said"), [(ANOTHER, []), ("", ["maca.W020"]), (MASTER, ["maca.E020"])]
)
def test_backups_have_a_key_of_their_own(keys: str, said: list[str]) -> None:
    with override_settings(MASTER_KEYS=MASTER, BACKUP_KEYS=keys):
        assert [each.id for each in check_backup_keys()] == said
