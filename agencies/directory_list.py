"""Agencies’ own directories that people may sign in by, as the operator’s file names them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NEEDED = ("id", "name", "issuer", "client_id", "client_secret", "domains")
ALLOWED = {*NEEDED, "second_factor", "trust_email", "password_too"}


@dataclass(frozen=True)
class Directory:
    """An OpenID Connect provider, and whose people it may vouch for."""

    id: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    domains: frozenset[str]
    second_factor: frozenset[str] = frozenset()
    """What in `amr` or `acr` says that the directory asked for a second factor, and counts."""
    trust_email: bool = False
    """Whether an address counts as verified though the directory says nothing of it."""
    password_too: bool = False
    """Whether its people may come in with a password of ours as well."""

    def speaks_for(self, email: str) -> bool:
        return email.lower().rpartition("@")[2] in self.domains

    def as_app(self) -> dict[str, Any]:
        """How the library wants to hear of it."""
        return {
            "provider_id": self.id,
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.client_secret,
            "settings": {"server_url": self.issuer, "oauth_pkce_enabled": True},
        }


def directories_in(path: str, *, only_https: bool) -> dict[str, Directory]:
    """By id; none for no path. ValueError says which entry is wrong, and never prints a secret."""
    if not path:
        return {}
    try:
        entries = json.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        raise ValueError(f"cannot be read: {type(error).__name__}.") from None
    if not isinstance(entries, list):
        raise ValueError("must hold a list.")  # noqa: TRY004
    found: dict[str, Directory] = {}
    for entry in entries:
        made = _directory(entry, only_https=only_https)
        taken = [each for each in found.values() if each.domains & made.domains]
        if made.id in found or taken:
            raise ValueError(f"{made.id}: an id or a domain stands twice.")
        found[made.id] = made
    return found


def _directory(entry: Any, *, only_https: bool) -> Directory:
    if not isinstance(entry, dict):
        raise ValueError("an entry is no object.")  # noqa: TRY004
    name = str(entry.get("id") or "an entry")
    missing = [key for key in NEEDED if not entry.get(key)]
    unknown = sorted(set(entry) - ALLOWED)
    if missing or unknown:
        raise ValueError(f"{name}: missing {missing}, unknown {unknown}.")
    if not name.replace("-", "").isalnum():
        raise ValueError(f"{name}: an id is letters, digits and hyphens.")
    if only_https and not str(entry["issuer"]).startswith("https://"):
        raise ValueError(f"{name}: the issuer must begin with https.")
    lists = {key: frozenset(_words(entry, key)) for key in ("domains", "second_factor")}
    return Directory(**{**entry, **lists, "issuer": str(entry["issuer"]).rstrip("/")})


def _words(entry: Mapping[str, Any], key: str) -> list[str]:
    words = entry.get(key, [])
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise ValueError(f"{entry['id']}: {key} must be a list of words.")
    return [word.lower() if key == "domains" else word for word in words]
