"""Encryption with keys that the database never holds.

AES-256-GCM: what was altered, moved elsewhere or written with another key does not open at all.
Nothing here answers a failure with ciphertext or with nothing; it raises `EncryptionError`. No
message says what was being opened, since messages reach logs.
"""

import hmac
import os
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class EncryptionError(Exception):
    """Something encrypted could not be read, or no key is there to write it with."""


class KeyMissingError(EncryptionError):
    """The key is not here: it was never given, or it was destroyed."""


class WrongKeyError(EncryptionError):
    """The key is not the one it was written with, or what was written has been altered."""


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


@dataclass(frozen=True)
class Cipher:
    """One key of 32 bytes, and what is done with it."""

    key: bytes

    def __repr__(self) -> str:
        return "Cipher(…)"

    def encrypt(self, plain: bytes, *, bound_to: str) -> bytes:
        """`bound_to` says where this belongs; it opens nowhere else."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, plain, bound_to.encode())

    def decrypt(self, boxed: bytes, *, bound_to: str) -> bytes:
        from cryptography.exceptions import InvalidTag

        if len(boxed) < NONCE_BYTES + TAG_BYTES:
            raise WrongKeyError("What was encrypted is cut short.")
        nonce, box = boxed[:NONCE_BYTES], boxed[NONCE_BYTES:]
        try:
            return self._box.decrypt(nonce, box, bound_to.encode())
        except InvalidTag:
            raise WrongKeyError("This key does not open it, or it was altered.") from None

    def digest(self, text: str, *, purpose: str) -> str:
        """A keyed hash: the same text gives the same letters, and without the key says nothing."""
        return hmac.digest(self._derived(purpose), text.encode(), "sha256").hex()

    @cached_property
    def _keys(self) -> dict[str, bytes]:
        """By purpose, for as long as this cipher is held: a text asks for one at every word."""
        return {}

    @cached_property
    def _box(self) -> "AESGCM":
        # Six MiB, which a web process has no use for before something is sealed or opened.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._derived("encryption"))

    def _derived(self, purpose: str) -> bytes:
        """A key of its own for each purpose, so that none weakens another.

        HKDF-Expand of RFC 5869, section 2.3: for as many bytes as the hash has, one step.
        """
        if purpose not in self._keys:
            info = b"maca " + purpose.encode()
            self._keys[purpose] = hmac.digest(self.key, info + b"\x01", "sha256")
        return self._keys[purpose]


@dataclass(frozen=True)
class Keyring:
    """The master keys by version; the newest writes, and each reads what it wrote.

    A token names its version, `2.<letters>`, so that a key which was taken away is told from a
    wrong one.
    """

    ciphers: Mapping[int, Cipher]

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Reads `2:<base64>,1:<base64>`, the newest first; ValueError says what is wrong."""
        ciphers: dict[int, Cipher] = {}
        for entry in filter(None, (each.strip() for each in text.split(","))):
            version, _, letters = entry.partition(":")
            if not version.isdecimal() or not letters:
                raise ValueError("must read version:key, for example 1:… with the key in base64.")
            if ciphers and int(version) >= min(ciphers):
                raise ValueError("must name each version once, the newest first.")
            ciphers[int(version)] = Cipher(_key(letters))
        if not ciphers:
            raise ValueError("names no key.")
        return cls(ciphers)

    @property
    def newest(self) -> int:
        return max(self.ciphers)

    def encrypt(self, plain: bytes, *, bound_to: str) -> str:
        boxed = self.ciphers[self.newest].encrypt(plain, bound_to=bound_to)
        return f"{self.newest}.{urlsafe_b64encode(boxed).decode()}"

    def decrypt(self, token: str, *, bound_to: str) -> bytes:
        version, _, letters = token.partition(".")
        if not version.isdecimal():
            raise WrongKeyError("What is kept here was never encrypted.")
        cipher = self.ciphers.get(int(version))
        if cipher is None:
            raise KeyMissingError(f"MACA_MASTER_KEYS has no version {version}.")
        try:
            boxed = urlsafe_b64decode(letters.encode())
        except ValueError:
            raise WrongKeyError("What was encrypted is damaged.") from None
        return cipher.decrypt(boxed, bound_to=bound_to)

    def is_newest(self, token: str) -> bool:
        return token.startswith(f"{self.newest}.")


def _key(letters: str) -> bytes:
    try:
        key = b64decode(letters.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"has a key that is not {KEY_BYTES} bytes in base64.")
    return key


def keyring() -> Keyring:
    """The master keys of this installation, as settings give them."""
    return _parsed(settings.MASTER_KEYS)


_parsed = lru_cache(maxsize=4)(Keyring.parse)
