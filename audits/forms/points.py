"""Points on the page of a return: those there are, each in a box, and a box for new ones."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField

from agencies.forms import fields
from audits.domain.drafts import Basis
from audits.domain.points import NewPoint, as_lines
from audits.domain.room import NoRoomError
from audits.forms.revisioned import RevisionedForm
from audits.models import LearningTheme, Point, PointKind
from audits.reading.points import ListedPoint

KIND_HEADINGS = {
    PointKind.WENT_WELL: "What went well",
    PointKind.CAN_BE_IMPROVED: "What can be improved",
    PointKind.CHALLENGE: "Challenges and themes",
    PointKind.GOOD_PRACTICE: "Good practice",
}


KIND_OF = re.compile(r"kind_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
POINT_OF = re.compile(r"point_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
MOST = 200
"""Points that one page may begin between two saves."""


def point_name(pk: UUID) -> str:
    return f"point_{pk}"


def new_name(kind: str) -> str:
    return f"new_{kind}"


type KindsOf = Callable[[Collection[UUID]], Mapping[UUID, str]]


def no_kinds(_gone: Collection[UUID]) -> Mapping[UUID, str]:
    return {}


class PointsForm(forms.Form):
    """`points` are those on the page, once each; `kinds` those under which some can be added.

    `last_kinds` says where points had been listed that somebody has taken out.
    """

    def __init__(
        self,
        *args: Any,
        points: Iterable[Point],
        kinds: Iterable[str],
        last_kinds: KindsOf = no_kinds,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.points = list(points)
        self.kinds = list(kinds)
        self.last_kinds = last_kinds
        for point in self.points:
            name = point_name(point.pk)
            self.fields[name] = fields.TextField(
                label="Point",
                rows=2,
                error_messages={"required": "Write the point, or remove it."},
                # Somebody added it since the page was opened: it says what they wrote.
                disabled=self.is_bound and name not in self.data,
            )
            self.initial[name] = point.text
        there = {point.pk for point in self.points}
        self.begun = self._begun(there)
        self.gone = self._gone({*there, *self.begun})
        for pk in [*self.gone, *self.begun]:
            self.fields[point_name(pk)] = fields.TextField(label="Point", required=False, rows=2)
        for kind in self.kinds:
            self.fields[new_name(kind)] = fields.TextField(
                label=f"{KIND_HEADINGS[PointKind(kind)]}: add points", required=False, rows=2
            )

    def _begun(self, there: Collection[UUID]) -> dict[UUID, str]:
        """Kinds of points that the page began and could not save by itself, by their ids."""
        found = {
            UUID(match[1]): self.data[name]
            for name in self.data
            if (match := KIND_OF.fullmatch(name)) and self.data[name] in self.kinds
        }
        return {pk: kind for pk, kind in list(found.items())[:MOST] if pk not in there}

    def _gone(self, known: Collection[UUID]) -> list[UUID]:
        """Points that the page had, and that somebody has taken out since."""
        found = [UUID(match[1]) for name in self.data if (match := POINT_OF.fullmatch(name))]
        return [pk for pk in found if pk not in known][:MOST]

    def new_points(self) -> dict[UUID, NewPoint]:
        said = self.cleaned_data
        return {pk: NewPoint(kind, said[point_name(pk)]) for pk, kind in self.begun.items()}

    def texts(self) -> dict[UUID, str]:
        there = [*(point.pk for point in self.points), *self.gone]
        return {pk: self.cleaned_data[point_name(pk)] for pk in there}

    @cached_property
    def kinds_without_box(self) -> dict[UUID, str]:
        """Under which kind the words of points come back that have no box of their own: the page
        began them, or somebody has taken them out."""
        if not self.gone:
            return self.begun
        last = self.last_kinds(self.gone)
        found = {pk: last.get(pk, "") for pk in self.gone}
        listed = {pk: kind if kind in self.kinds else self.kinds[0] for pk, kind in found.items()}
        return listed | self.begun

    def give_back(self, basis: Basis | None, shown: Collection[str] = ()) -> None:
        """What was typed into points without a box comes back in the box for new ones.

        Not what the page only brings back as it was read; nor texts that are `shown` elsewhere.
        """
        data: Any = self.data
        self.data = data.copy()
        data = self.data
        for pk, kind in self.kinds_without_box.items():
            key, name, box = f"point:{pk}", point_name(pk), new_name(kind)
            typed = data.get(name, "")
            if key in shown or (basis is not None and basis.says(key, typed)):
                continue
            data[box] = "\n".join(filter(None, [data.get(box, ""), " ".join(typed.split())]))
            if wrong := self.errors.pop(name, None):
                self.add_error(box, wrong.as_data())

    def new_lines(self) -> dict[str, list[str]]:
        return {kind: as_lines(self.cleaned_data.get(new_name(kind), "")) for kind in self.kinds}


def tell_no_room(
    full: NoRoomError, points: PointsForm, field_for: Callable[[str], BoundField]
) -> None:
    """Beside each box whose words there is no room for; all that was typed stays on the page."""
    fields_of = {f"point:{pk}": new_name(kind) for pk, kind in points.kinds_without_box.items()}
    for key in dict.fromkeys(full.keys):
        field = points[fields_of[key]] if key in fields_of else field_for(key)
        if str(full) not in field.errors:
            field.form.add_error(field.name, str(full))


@dataclass(frozen=True)
class PointsBlock:
    """The points of one kind as the page draws them; `boxes` pairs each with its text area.

    A point that has its box under another kind comes with None.
    """

    kind: str
    heading: str
    boxes: Sequence[tuple[ListedPoint, BoundField | None]]
    new: BoundField


def block(form: PointsForm, kind: str, listed: Mapping[str, Sequence[ListedPoint]]) -> PointsBlock:
    boxes = [
        (each, form[point_name(each.point.pk)] if each.editable else None)
        for each in listed.get(kind, ())
    ]
    return PointsBlock(kind, KIND_HEADINGS[PointKind(kind)], boxes, form[new_name(kind)])


class PointForm(RevisionedForm):
    """One point on a page of its own: its words, where it is listed, what it is coded to."""

    text = fields.TextField(
        label="The point", rows=3, error_messages={"required": "Write the point, or remove it."}
    )
    kinds = fields.MultipleChoiceField(
        label="Listed under",
        choices=PointKind.choices,
        help_text="It is written once, and printed under each of these.",
        error_messages={"required": "Choose at least one place to list it."},
    )
    learning_themes = fields.ModelMultipleChoiceField(
        label="Learning themes",
        queryset=LearningTheme.objects.none(),
        required=False,
        hint_from=lambda theme: theme.description,
    )

    def __init__(self, *args: Any, point: Point, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        themes = LearningTheme.objects.filter(partnership=point.audit.partnership_id)
        learning = self.fields["learning_themes"]
        if isinstance(learning, forms.ModelMultipleChoiceField):
            learning.queryset = (
                themes.filter(active=True) | themes.filter(points=point)
            ).distinct()
        self.initial = {
            "text": point.text,
            "revision": point.revision,
            "kinds": [each.kind for each in point.placements.all() if not each.agreed],
            "learning_themes": list(point.learning_themes.all()),
        }
