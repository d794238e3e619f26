from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agencies.access import SignedInRequest, require, require_anywhere
from agencies.domain import outbox
from agencies.domain.refusal import RefusedError
from agencies.models import OutboxMessage, Partnership
from agencies.reading.post import post_room
from agencies.roles import Permission


def find(request: SignedInRequest, message_id: UUID) -> tuple[OutboxMessage, Partnership]:
    """A message, and the partnership what is done about it belongs to."""
    visible = OutboxMessage.objects.visible_to(request.user).select_related("partnership")
    message = get_object_or_404(visible, pk=message_id)
    partnership = message.partnership or require_anywhere(request, Permission.SEE_MAIL)
    require(request.user, Permission.SEE_MAIL, partnership)
    return message, partnership


def mail_list(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.SEE_MAIL)
    room = post_room(request.user, partnership, request.GET.get("page"))
    return render(request, "agencies/mail_list.html", {"room": room, "page": room.undecided})


@require_POST
def mail_send(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    said = "The message to {} waits to be sent again."
    return _decide(request, message_id, outbox.send_again, said)


@require_POST
def mail_leave(request: SignedInRequest, message_id: UUID) -> HttpResponse:
    said = "The message to {} is left. For a day you can still have it sent."
    return _decide(request, message_id, outbox.leave, said)


def _decide(
    request: SignedInRequest, message_id: UUID, decide: Callable[..., None], said: str
) -> HttpResponse:
    message, partnership = find(request, message_id)
    try:
        decide(message=message, partnership=partnership, by=request.user)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said.format(message.to))
    return redirect("mail-list")


@require_POST
def mail_send_failed(request: SignedInRequest) -> HttpResponse:
    partnership = require_anywhere(request, Permission.SEE_MAIL)
    visible = OutboxMessage.objects.visible_to(request.user).of_partnerships([partnership.pk])
    number = outbox.send_failed(among=visible, partnership=partnership, by=request.user)
    messages.success(
        request, f"{number} {'message waits' if number == 1 else 'messages wait'} to be sent again."
    )
    return redirect("mail-list")
