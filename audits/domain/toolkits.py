"""Toolkits and their questions, while they can still be changed."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from agencies.domain import activity
from agencies.domain.refusal import RefusedError
from agencies.models import Agency, Partnership, User
from audits.models import Question, Toolkit

FROZEN = "This version is frozen, because an audit uses it. Make a new version to change it."


@transaction.atomic
def create_toolkit(
    *, partnership: Partnership, by: User, name: str, description: str = ""
) -> Toolkit:
    toolkit = Toolkit.objects.create(partnership=partnership, name=name, description=description)
    activity.record("made a toolkit", by=by, partnership=partnership, subject=toolkit)
    return toolkit


@transaction.atomic
def update_toolkit(*, toolkit: Toolkit, by: User, name: str, description: str) -> Toolkit:
    toolkit = changeable(toolkit)
    toolkit.name = name
    toolkit.description = description
    toolkit.save(update_fields=["name", "description"])
    _record("changed a toolkit", toolkit=toolkit, by=by)
    return toolkit


@transaction.atomic
def remove_toolkit(*, toolkit: Toolkit, by: User) -> None:
    toolkit = changeable(toolkit)
    if toolkit.audits.exists():
        raise RefusedError("An audit uses this toolkit. Choose another toolkit for it first.")
    _record("removed a toolkit", toolkit=toolkit, by=by)
    toolkit.questions.update(follows=None)
    toolkit.delete()


@transaction.atomic
def new_version(*, toolkit: Toolkit, by: User) -> Toolkit:
    """A copy with its questions, open to change, under the next free version number."""
    latest = (
        Toolkit.objects.select_for_update(no_key=True)
        .filter(partnership=toolkit.partnership_id, name=toolkit.name)
        .order_by("-version")
        .first()
    )
    copy = Toolkit.objects.create(
        partnership_id=toolkit.partnership_id,
        name=toolkit.name,
        version=(latest or toolkit).version + 1,
        description=toolkit.description,
    )
    _copy_questions(toolkit, copy)
    _record("made a new version of a toolkit", toolkit=copy, by=by)
    return copy


def _copy_questions(source: Toolkit, copy: Toolkit) -> None:
    copied: dict[Any, Question] = {}
    for question in source.questions.prefetch_related("agencies"):
        twin = Question.objects.create(
            toolkit=copy,
            code=question.code,
            position=question.position,
            kind=question.kind,
            text=question.text,
            help_text=question.help_text,
            choices=question.choices,
            point_kind=question.point_kind,
            asks_evidence=question.asks_evidence,
            for_contributors=question.for_contributors,
            required=question.required,
            follows=copied.get(question.follows_id),
            follows_answers=question.follows_answers,
        )
        twin.agencies.set(question.agencies.all())
        copied[question.pk] = twin


@transaction.atomic
def add_question(
    *, toolkit: Toolkit, by: User, values: Mapping[str, Any], agencies: Iterable[Agency] = ()
) -> Question:
    """Add at the end. Without a code the question gets one made of its words."""
    toolkit = changeable(toolkit)
    last = toolkit.questions.aggregate(last=Max("position"))["last"]
    given = {**values, "code": values.get("code") or free_code(toolkit, values["text"])}
    question = Question.objects.create(
        toolkit=toolkit, position=0 if last is None else last + 1, **given
    )
    question.agencies.set(agencies)
    _record("added a question to a toolkit", toolkit=toolkit, by=by)
    return question


@transaction.atomic
def update_question(
    *, question: Question, by: User, values: Mapping[str, Any], agencies: Iterable[Agency] = ()
) -> Question:
    toolkit = changeable(question.toolkit)
    given = {**values, "code": values.get("code") or question.code}
    for name, value in given.items():
        setattr(question, name, value)
    question.save(update_fields=list(given))
    question.agencies.set(agencies)
    _record("changed a question of a toolkit", toolkit=toolkit, by=by)
    return question


@transaction.atomic
def move_question(*, question: Question, by: User, up: bool) -> None:
    """Swap places with the neighbour; a follow-up always stays below what it follows."""
    toolkit = changeable(question.toolkit)
    order = list(toolkit.questions.select_for_update(of=("self",), no_key=True))
    place = order.index(question)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    upper, lower = sorted((place, other))
    if order[lower].follows_id == order[upper].pk:
        raise RefusedError(
            f"Question {order[lower].number} follows question {order[upper].number}, "
            "so it stays below it."
        )
    order[place], order[other] = order[other], order[place]
    _number(order)
    _record("reordered the questions of a toolkit", toolkit=toolkit, by=by)


@transaction.atomic
def remove_question(*, question: Question, by: User) -> None:
    toolkit = changeable(question.toolkit)
    followers = [str(follower.number) for follower in question.followed_by.all()]
    if followers:
        raise RefusedError(
            f"Question {' and '.join(followers)} follows this one. Change or remove it first."
        )
    question.delete()
    _number(list(toolkit.questions.all()))
    _record("removed a question from a toolkit", toolkit=toolkit, by=by)


def changeable(toolkit: Toolkit) -> Toolkit:
    """The toolkit, locked for a change; refused once it is frozen."""
    locked = Toolkit.objects.select_for_update(no_key=True).get(pk=toolkit.pk)
    if locked.is_frozen:
        raise RefusedError(FROZEN)
    return locked


def free_code(toolkit: Toolkit, text: str) -> str:
    taken = set(toolkit.questions.values_list("code", flat=True))
    stem = slugify(text)[:30].rstrip("-") or "question"
    code, number = stem, 2
    while code in taken:
        code, number = f"{stem}-{number}", number + 1
    return code


def _number(order: list[Question]) -> None:
    for position, question in enumerate(order):
        question.position = position
    Question.objects.bulk_update(order, ["position"])


def _record(verb: str, *, toolkit: Toolkit, by: User) -> None:
    activity.record(verb, by=by, partnership=toolkit.partnership_id, subject=toolkit)
