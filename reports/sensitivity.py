"""What each field of the documents may give away."""

from agencies.sensitivity import Declaration, declare

FIELDS: dict[str, Declaration] = {
    "Document": declare(
        identifying="published_by",
        free_text="title content pdf",
        safe="id audit kind version audience content_hash pdf_hash template_version accepted_gaps"
        " published_at",
    ),
    "Preview": declare(identifying="by", safe="id audit kind content_hash at"),
    "Prose": declare(free_text="text", safe="id audit passage revision"),
}
