"""Where the chains stand, taken to another place: what is kept there cannot be rewritten here.

An anchor is a small file of JSON: for each chain its number of entries and the hash of the last.
It says nothing of what happened. Kept where whoever can write to this database cannot (another
machine, another person's mail, paper), it shows later whether any of those entries was rewritten,
even by somebody who worked every hash out afresh.
"""

import json
from datetime import UTC, datetime
from typing import Any

from agencies.chain_format import REGISTER
from agencies.domain.verifying import Place, heads

FORMAT = "maca-activity-anchor-1"


class AnchorError(ValueError):
    """The file is no anchor; the message says why."""


def anchor(*, at: datetime) -> str:
    """An anchor of this moment."""
    chains = {
        key: {"count": head.count, "hash": head.hash}
        for key, head in sorted(heads().items())
        if key != REGISTER and head.count
    }
    moment = at.astimezone(UTC).isoformat(timespec="seconds")
    return json.dumps({"format": FORMAT, "at": moment, "chains": chains}, indent=1) + "\n"


def anchored(text: str) -> dict[Place, str]:
    """Which hash an entry had when the anchor was made. Raises AnchorError."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise AnchorError("It is not JSON.") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise AnchorError("It was not written by verify_activity --anchor.")
    try:
        return {_place(key, head): str(head["hash"]) for key, head in content["chains"].items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise AnchorError("It does not say where each chain stood.") from error


def _place(key: Any, head: dict[str, Any]) -> Place:
    return str(key), int(head["count"])
