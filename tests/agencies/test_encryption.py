import os
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from agencies.encryption import (
    Cipher,
    EncryptionError,
    KeyMissingError,
    Keyring,
    WrongKeyError,
    keyring,
    new_key,
)


def letters(key: bytes) -> str:
    return b64encode(key).decode()


ONE, TWO = new_key(), new_key()


def ring(*keys: tuple[int, bytes]) -> Keyring:
    return Keyring.parse(",".join(f"{version}:{letters(key)}" for version, key in keys))


class TestCipher:
    @pytest.mark.parametrize("plain", [b"", b"a", "Zoë".encode(), os.urandom(70_000)])
    def test_reads_what_it_wrote(self, plain: bytes) -> None:
        cipher = Cipher(ONE)
        boxed = cipher.encrypt(plain, bound_to="here")
        assert cipher.decrypt(boxed, bound_to="here") == plain
        assert boxed != cipher.encrypt(plain, bound_to="here")

    def test_another_key_or_another_place_opens_nothing(self) -> None:
        boxed = Cipher(ONE).encrypt(b"words", bound_to="here")
        with pytest.raises(WrongKeyError):
            Cipher(TWO).decrypt(boxed, bound_to="here")
        with pytest.raises(WrongKeyError):
            Cipher(ONE).decrypt(boxed, bound_to="there")

    def test_any_one_bit_altered_opens_nothing(self) -> None:
        cipher = Cipher(ONE)
        boxed = cipher.encrypt(b"words", bound_to="here")
        for place in range(len(boxed)):
            altered = bytearray(boxed)
            altered[place] ^= 1
            with pytest.raises(WrongKeyError):
                cipher.decrypt(bytes(altered), bound_to="here")

    def test_any_part_cut_off_opens_nothing(self) -> None:
        boxed = Cipher(ONE).encrypt(b"words", bound_to="here")
        for end in range(len(boxed)):
            with pytest.raises(WrongKeyError):
                Cipher(ONE).decrypt(boxed[:end], bound_to="here")

    def test_a_keyed_hash_is_the_same_for_the_same_text_key_and_purpose_alone(self) -> None:
        one = Cipher(ONE).digest("word", purpose="names")
        assert one == Cipher(ONE).digest("word", purpose="names")
        others = {
            Cipher(ONE).digest("words", purpose="names"),
            Cipher(TWO).digest("word", purpose="names"),
            Cipher(ONE).digest("word", purpose="numbers"),
        }
        assert len({one, *others}) == 4
        assert len(one) == 64

    @pytest.mark.parametrize("purpose", ["encryption", "names", "Zoë " * 30])
    def test_keys_are_derived_as_the_library_derives_them(self, purpose: str) -> None:
        info = b"maca " + purpose.encode()
        key = HKDFExpand(hashes.SHA256(), 32, info).derive(ONE)
        made = HMAC(key, hashes.SHA256())
        made.update("Zoë".encode())
        assert Cipher(ONE).digest("Zoë", purpose=purpose) == made.finalize().hex()

    def test_what_is_encrypted_is_of_the_derived_key(self) -> None:
        boxed = Cipher(ONE).encrypt(b"words", bound_to="here")
        key = HKDFExpand(hashes.SHA256(), 32, b"maca encryption").derive(ONE)
        assert AESGCM(key).decrypt(boxed[:12], boxed[12:], b"here") == b"words"

    def test_prints_no_key(self) -> None:
        assert repr(Cipher(ONE)) == "Cipher(…)"
        assert letters(ONE) not in repr(ring((1, ONE)))


class TestKeyring:
    def test_the_newest_key_writes_and_each_reads_its_own(self) -> None:
        old = ring((1, ONE)).encrypt(b"words", bound_to="here")
        both = ring((2, TWO), (1, ONE))
        new = both.encrypt(b"words", bound_to="here")
        assert (old[:2], new[:2]) == ("1.", "2.")
        assert both.decrypt(old, bound_to="here") == both.decrypt(new, bound_to="here") == b"words"
        assert (both.is_newest(old), both.is_newest(new)) == (False, True)

    def test_a_version_that_was_taken_away_is_missing(self) -> None:
        token = ring((1, ONE)).encrypt(b"words", bound_to="here")
        with pytest.raises(KeyMissingError, match="MACA_MASTER_KEYS has no version 1"):
            ring((2, TWO)).decrypt(token, bound_to="here")

    def test_a_version_of_another_key_is_wrong(self) -> None:
        token = ring((1, ONE)).encrypt(b"words", bound_to="here")
        with pytest.raises(WrongKeyError):
            ring((1, TWO)).decrypt(token, bound_to="here")

    def test_a_token_under_another_version_opens_nothing(self) -> None:
        token = ring((1, ONE)).encrypt(b"words", bound_to="here")
        with pytest.raises(WrongKeyError):
            ring((2, TWO), (1, ONE)).decrypt("2" + token[1:], bound_to="here")

    @pytest.mark.parametrize("token", ["", "words", "Case 3.", "1.", "1.%%%", "1.ÀÀ", "1.abc", "1"])
    def test_what_is_no_token_is_never_handed_back(self, token: str) -> None:
        with pytest.raises(EncryptionError) as refusal:
            ring((1, ONE)).decrypt(token, bound_to="here")
        assert "Case" not in str(refusal.value)

    def test_an_altered_token_opens_nothing(self) -> None:
        made = ring((1, ONE))
        boxed = bytearray(urlsafe_b64decode(made.encrypt(b"words", bound_to="here")[2:]))
        boxed[-1] ^= 1
        with pytest.raises(WrongKeyError):
            made.decrypt(f"1.{urlsafe_b64encode(boxed).decode()}", bound_to="here")

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " , ",
            letters(ONE),
            f"one:{letters(ONE)}",
            "1:",
            f"1:{letters(ONE[:16])}",
            "1:%%%",
            f"1:{letters(ONE)},2:{letters(TWO)}",
            f"1:{letters(ONE)},1:{letters(TWO)}",
        ],
        # Keys are new each time, and no names for tests.
        ids=range(9),
    )
    def test_what_cannot_be_used_is_refused_without_being_printed(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"key|version") as refusal:
            Keyring.parse(text)
        assert letters(ONE) not in str(refusal.value)

    def test_takes_both_alphabets_of_base64(self) -> None:
        key = bytes([0xFB, 0xFF] * 16)
        assert Keyring.parse(f"1:{letters(key)}") == Keyring.parse(
            f" 1:{urlsafe_b64encode(key).decode()} "
        )

    def test_the_installation_has_one(self) -> None:
        token = keyring().encrypt(b"words", bound_to="here")
        assert keyring().decrypt(token, bound_to="here") == b"words"
