"""What a password has to be, and the file of stolen ones."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from agencies.breached import BreachedFile, BreachedFileError
from agencies.password_checks import stolen_passwords_are_refused
from maca import settings as project

STOLEN = [f"a stolen pass phrase {number}" for number in range(300)]
GOOD = "seven grey herons wade"


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def listed(tmp_path: Path, settings: Any) -> Path:
    path = tmp_path / "stolen.txt"
    rows = sorted(f"{sha1(each).upper()}:{len(each)}" for each in STOLEN)
    path.write_text("\n".join(rows) + "\n")
    settings.BREACHED_PASSWORDS = str(path)
    return path


def refused(password: str) -> str:
    with pytest.raises(ValidationError) as caught:
        validate_password(password)
    return " ".join(caught.value.messages)


def test_argon2id_is_what_a_new_password_is_kept_with(settings: Any) -> None:
    settings.PASSWORD_HASHERS = project.PASSWORD_HASHERS
    assert get_hasher().algorithm == "argon2"
    assert make_password(GOOD).startswith("argon2$argon2id$")


def test_fifteen_characters_are_enough_and_fourteen_are_not() -> None:
    validate_password("quick otter 15.")
    assert refused("quick otter 1.").startswith(
        "This password has 14 characters. Choose one of at least 15. Three or four words"
    )


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password1Password1",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "123456789012345678",
        "abcdefghijklmnopqrstuvwxyz",
        "1q2w3e4r5t6y7u8i9o0p",
    ],
)
def test_what_anybody_would_try_first_is_refused(password: str) -> None:
    said = refused(password)
    assert "among the first that anybody would try" in said


@pytest.mark.parametrize(
    "password",
    [GOOD, "correct horse battery staple", "Tuesday: bins, then Wrens!", "ŵyl y môr 2031 x"],
)
def test_ordinary_phrases_are_taken(password: str) -> None:
    validate_password(password)


def test_every_stolen_one_is_found_and_no_other(listed: Path) -> None:
    held = BreachedFile(listed)
    assert all(held.holds(sha1(each)) for each in STOLEN)
    assert not any(held.holds(sha1(f"never stolen {number}")) for number in range(300))
    assert not held.holds("0" * 40)
    assert not held.holds("F" * 40)
    held.examine()


@pytest.mark.parametrize("digits", [16, 24, 40])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_shortened_hashes_in_small_letters_serve_too(tmp_path: Path, digits: int, end: str) -> None:
    path = tmp_path / "short.txt"
    path.write_bytes(end.join(sorted(sha1(each)[:digits] for each in STOLEN)).encode())
    held = BreachedFile(path)
    assert all(held.holds(sha1(each)) for each in STOLEN)
    assert not any(held.holds(sha1(f"never stolen {number}")) for number in range(100))
    held.examine()


def test_a_file_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(sha1(GOOD))
    assert BreachedFile(path).holds(sha1(GOOD))
    assert not BreachedFile(path).holds(sha1("another one altogether"))


def test_a_stolen_one_is_refused_in_plain_words(listed: Path) -> None:
    assert "was stolen from another service" in refused(STOLEN[7])
    validate_password(GOOD)


def test_a_file_that_is_gone_lets_nothing_through(listed: Path) -> None:
    listed.unlink()
    assert "this is our fault, and not your password’s" in refused(GOOD)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "it is empty"),
        (b"not a hash\n" * 9, "is not a line of it"),
        (b"F" * 40 + b"\n" + b"0" * 40 + b"\n", "it is not sorted by hash"),
        (b"0" * 20 + b"\n" + b"F" * 40 + b"\n", "hashes of different lengths"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "wrong.txt"
    path.write_bytes(content)
    with pytest.raises(BreachedFileError, match=fault):
        BreachedFile(path).examine()


def test_check_reports_that_there_is_no_file(settings: Any) -> None:
    settings.BREACHED_PASSWORDS = ""
    assert [each.id for each in stolen_passwords_are_refused()] == ["maca.W010"]


def test_check_is_silent_about_a_good_file_and_not_about_a_bad_one(
    listed: Path, settings: Any
) -> None:
    assert stolen_passwords_are_refused() == []
    listed.write_text("nothing of the kind\n")
    assert [each.id for each in stolen_passwords_are_refused()] == ["maca.E010"]
    settings.BREACHED_PASSWORDS = str(listed.with_name("nowhere"))
    assert [each.id for each in stolen_passwords_are_refused()] == ["maca.E010"]
