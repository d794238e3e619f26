"""The fingerprint of a published document, by which the activity names it. Format 1.

It is the first forty characters of SHA-256, in lower-case hexadecimal, over one JSON object: keys
sorted, no spaces, what is beyond ASCII escaped. In it stands every column of the document's row;
for content and PDF stand their own hashes. Ids are text with hyphens, the time is in UTC with six
decimals.

What was named keeps its name for ever, so this format never changes: a new one would get a name
of its own beside it.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

FORMAT = "maca-document-1"
COLUMNS = (
    "id",
    "audit_id",
    "kind",
    "version",
    "audience",
    "title",
    "content_hash",
    "pdf_hash",
    "template_version",
    "accepted_gaps",
    "published_by_id",
    "published_at",
)
LENGTH = 40
TAKEN = "took the fingerprint of a document"
SUBJECT = "reports.documentfingerprint"
"""What the activity says it names; downloads name the document itself, by its id."""


def fingerprint_of(row: Any) -> str:
    said = {name: _plain(getattr(row, name)) for name in COLUMNS}
    text = json.dumps({"format": FORMAT, **said}, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:LENGTH]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value
