"""An agency or a body in one drop-down, as owner of an action or as where a person comes from."""

from uuid import UUID

from agencies.models import Agency, Body, Partnership

Choices = list[tuple[str, str | list[tuple[str, str]]]]


def place_choices(partnership: Partnership | UUID, blank: str) -> Choices:
    """Grouped choices, “agency:<id>” and “body:<id>”; `blank` is what no choice means."""
    agencies = Agency.objects.filter(partnership=partnership, active=True)
    bodies = Body.objects.filter(partnership=partnership, active=True)
    return [
        ("", blank),
        ("Agencies", [(f"agency:{agency.pk}", agency.name) for agency in agencies]),
        ("Bodies", [(f"body:{body.pk}", body.name) for body in bodies]),
    ]


def place_value(agency_id: UUID | None, body_id: UUID | None) -> str:
    if agency_id:
        return f"agency:{agency_id}"
    return f"body:{body_id}" if body_id else ""


def place_ids(value: str) -> tuple[UUID | None, UUID | None]:
    """The agency's id and the body's, at most one of which is set."""
    kind, _, id_ = value.partition(":")
    if not id_:
        return (None, None)
    return (UUID(id_), None) if kind == "agency" else (None, UUID(id_))
