"""The names of an audit's own children and families, as keyed hashes.

They are made when an identity is sealed and lie beside it; screening compares with them, and the
identity itself is never opened for that. They go when it goes, and their key with it.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from agencies.encryption import Cipher
from agencies.key_folder import key_folder
from audits.models import Audit, Seal, SealedIdentity
from audits.screening.words import name_key

PURPOSE = "known names"


def standing_seal(audit: Audit) -> Seal | None:
    return audit.seals.filter(destroyed_at=None).first()


def hashed(cipher: Cipher, keys: Iterable[str]) -> list[str]:
    """Sorted, so that their order says nothing of the name."""
    return sorted({cipher.digest(key, purpose=PURPOSE) for key in keys})


def hash_of(audit: Audit, word: str) -> str:
    """The keyed hash of a name; "" where the audit has no seal. Raises EncryptionError."""
    seal = standing_seal(audit)
    if seal is None:
        return ""
    return key_folder().cipher(seal.pk).digest(name_key(word), purpose=PURPOSE)


def hashes_for(audit: Audit) -> frozenset[str]:
    """The hashes of every name in the audit's sealed identities."""
    rows = SealedIdentity.objects.standing().filter(seal__audit=audit)
    lists = rows.order_by().values_list("name_hashes", flat=True)
    return frozenset(each for hashes in lists for each in hashes)


def asker(audit: Audit | UUID) -> Callable[[str], bool] | None:
    """Answers whether a name (in the form of `name_key`) is one of the audit's own; in one query.

    None where nothing is sealed. The key is read once, for one screening; never keep the answerer.
    Raises EncryptionError where the key is not there or does not fit, so that screening fails
    closed.
    """
    rows = SealedIdentity.objects.standing().filter(seal__audit=audit)
    lists = list(rows.order_by().values_list("seal", "name_hashes"))
    hashes = frozenset(each for _, hashes in lists for each in hashes)
    return answerer(lists[0][0] if lists else None, hashes)


def answerer(seal_id: UUID | None, hashes: frozenset[str]) -> Callable[[str], bool] | None:
    """The same from what was read already. Raises EncryptionError."""
    if seal_id is None or not hashes:
        return None
    cipher = key_folder().cipher(seal_id)
    return lambda key: cipher.digest(key, purpose=PURPOSE) in hashes
