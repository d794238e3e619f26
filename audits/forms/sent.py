"""A few texts of a page, as its script sends them while somebody is writing."""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import prefetch_related_objects
from django.http import QueryDict

from agencies.forms import fields
from audits.domain.case_returns import OWN_FIELDS, VOICES, AnswerDraft, CaseReturnDraft
from audits.domain.case_texts import Asked
from audits.domain.drafts import Basis, Text, digest
from audits.domain.engagement import Line
from audits.domain.points import NewPoint
from audits.forms.answers import answer_name, as_stored, evidence_name, question_field
from audits.forms.case_return import CaseReturnForm
from audits.forms.chronology import BACKWARDS, PARTS, entry_fields, entry_name
from audits.models import CaseReturn, PointKind, Question

OF_ITS_OWN = re.compile(r"(point|entry)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:_(\w+))?")
# What a key of a basis looks like; the rest of what a basis may say is nobody's text.
NAMED = re.compile(r"[a-z_]{1,30}(:[0-9a-f-]{1,36})?")
NOT_HERE = "This is not part of the page any more. Copy what you wrote, and load the page again."
WRITE_IT = "Write the point, or remove it."


def point_field(label: str = "Point") -> forms.Field:
    return fields.TextField(label=label, error_messages={"required": WRITE_IT})


def fields_of(key: str, words: str, codes: Mapping[str, str]) -> dict[str, str]:
    """What the fields of a text would hold if it said this; none for a question not asked.

    `codes` maps the ids of questions to their codes.
    """
    kind, _, pk = key.partition(":")
    if kind == "entry":
        return entry_values(UUID(pk), words)
    if kind in ("answer", "evidence"):
        return {f"{kind}_{codes[pk]}": words} if pk in codes else {}
    return {f"point_{pk}" if kind == "point" else kind: words}


def entry_values(pk: UUID, words: str) -> dict[str, str]:
    """A line of the chronology in its fields, from its one text."""
    line = Line.parse(words)
    parts = (line.began, line.ended, line.words)
    return {
        entry_name(pk, name): str(value or "") for name, value in zip(PARTS, parts, strict=True)
    }


def parsed_basis(data: QueryDict) -> Basis:
    """Without a basis that can be read, every text counts as new to its writer."""
    try:
        return Basis.parse(data.get("basis", ""))
    except ValueError:
        return Basis({})


def names_to_keys(questions: Iterable[Question]) -> dict[str, str]:
    """Which text each field of the page's own form and of its questions writes."""
    names = {name: name for name in (*OWN_FIELDS, "own_grade")}
    for question in questions:
        if question.kind != Question.Kind.POINTS:
            names[answer_name(question)] = f"answer:{question.pk}"
            if question.asks_evidence:
                names[evidence_name(question)] = f"evidence:{question.pk}"
    return names


@dataclass(frozen=True)
class Named:
    """One field that was sent: the text it belongs to, and how to read it."""

    key: str
    field: forms.Field


class SentForm:
    """Reads only what was sent; a field that is wrong does not keep the others from being saved."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.basis = parsed_basis(data)
        self.named: dict[str, Named] = {}
        self.form = forms.Form()
        self.said: Mapping[str, str] = {}
        """Each text that makes sense, by its key."""
        self.strange: dict[str, str] = {}
        found = [match for name in data if (match := OF_ITS_OWN.fullmatch(name))]
        self.point_ids = {UUID(each[2]) for each in found if each[1] == "point" and not each[3]}
        self.entry_ids = {UUID(each[2]) for each in found if each[1] == "entry" and each[3]}

    def bind(self, named: Mapping[str, Named]) -> None:
        self.named = dict(named)
        self.form = forms.Form(self.data)
        self.form.fields.update({name: each.field for name, each in named.items()})
        self.form.full_clean()

    @property
    def errors(self) -> dict[str, str]:
        """A sentence for each field that could not be saved."""
        wrong = {name: " ".join(map(str, lines)) for name, lines in self.form.errors.items()}
        return self.strange | wrong

    @property
    def good(self) -> dict[str, Any]:
        """What was sent and makes sense, by field; a text with a wrong field is left whole."""
        spoilt = {self.named[name].key for name in self.form.errors if name in self.named}
        return {
            name: value
            for name, value in self.form.cleaned_data.items()
            if self.named[name].key not in spoilt
        }

    def values_of(self, key: str, words: str) -> dict[str, str]:
        """What the fields of a text would hold if it said this."""
        names = self.names_of(key)
        if not key.startswith("entry:"):
            return dict.fromkeys(names, words)
        return entry_values(UUID(key.partition(":")[2]), words)

    def names_of(self, key: str) -> list[str]:
        return [name for name, each in self.named.items() if each.key == key]

    def refuse(self, refused: Mapping[str, str]) -> None:
        """Say beside the box of a text why it was not saved; `refused` says so by its key."""
        names = {
            name: refused[each.key] for name, each in self.named.items() if each.key in refused
        }
        words = {
            name: why for name, why in names.items() if not name.endswith(("_began", "_ended"))
        }
        self.strange = self.strange | words

    def standing(self, texts: Mapping[str, Text]) -> set[str]:
        """Keys of the texts that were sent and now stand just so, whoever wrote them; `texts` is
        what stands."""
        return {
            key
            for key, words in self.said.items()
            if key in texts and digest(words) == digest(texts[key].words)
        }

    def named_points(self) -> dict[str, Named]:
        """An empty box for a new point is no mistake: nothing was written yet."""
        return {
            f"point_{pk}": Named(f"point:{pk}", point_field())
            for pk in self.point_ids
            if self.data.get(f"point_{pk}", "").strip() or f"kind_{pk}" not in self.data
        }

    def points(self, good: Mapping[str, Any]) -> tuple[dict[UUID, str], dict[UUID, NewPoint]]:
        """Points that are there, and those that may have to be made, with their kind."""
        texts = {pk: good[f"point_{pk}"] for pk in self.point_ids if f"point_{pk}" in good}
        kinds = {pk: self.data.get(f"kind_{pk}", "") for pk in texts}
        begun = {
            pk: NewPoint(kinds[pk], text, self._after(pk))
            for pk, text in texts.items()
            if kinds[pk] in PointKind.values
        }
        return {pk: text for pk, text in texts.items() if pk not in begun}, begun

    def _after(self, pk: UUID) -> UUID | None:
        try:
            return UUID(self.data.get(f"after_{pk}", ""))
        except ValueError:
            return None


class SentCaseReturn(SentForm):
    """What was sent of the page of a case return."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.own = [name for name in data if name in OWN_FIELDS or name == "own_grade"]
        self.asked = {
            name: name.partition("_")[2]
            for name in data
            if name.startswith(("answer_", "evidence_"))
        }
        self.codes = set(self.asked.values())

    @property
    def keys(self) -> set[str]:
        """As far as they can be told before the questions are read."""
        points = {f"point:{pk}" for pk in self.point_ids}
        entries = {f"entry:{pk}" for pk in self.entry_ids}
        return {*self.own, *points, *entries, *filter(NAMED.fullmatch, self.basis.marks)}

    def draft(self, row: CaseReturn, questions: list[Asked]) -> CaseReturnDraft:
        self.bind(
            self._named_own(row)
            | self._named_answers(questions)
            | self.named_points()
            | self._named_entries()
        )
        self._check_order()
        good = self.good
        there, begun = self.points(good)
        draft = CaseReturnDraft(
            own={name: good[name] for name in self.own if name in good and name != "own_grade"},
            grade=good.get("own_grade", ""),
            answers={
                each.question.pk: AnswerDraft(
                    as_stored(good.get(answer_name(each.question))),
                    as_stored(good.get(evidence_name(each.question))),
                )
                for each in questions
            },
            points=there,
            begun=begun,
            entries=self._lines(good),
            only={self.named[name].key for name in good},
        )
        self.said = draft.texts()
        return draft

    def _named_own(self, row: CaseReturn) -> dict[str, Named]:
        off = set(VOICES) - set(row.audit.voices)
        made = {
            name: deepcopy(CaseReturnForm.base_fields[name]) for name in self.own if name not in off
        }
        grade = made.get("own_grade")
        if isinstance(grade, fields.ChoiceField):
            # Kept on the audit, for whoever writes the grade next.
            prefetch_related_objects([row.audit], "grades")
            scale = [(each.code, each.label) for each in row.audit.grades.all()]
            grade.choices = [*scale, ("", "No grade yet")]
        return {name: Named(name, field) for name, field in made.items()}

    def _named_answers(self, questions: list[Asked]) -> dict[str, Named]:
        named = {}
        for question in (each.question for each in questions):
            if question.kind == Question.Kind.POINTS:
                continue
            named[answer_name(question)] = Named(f"answer:{question.pk}", question_field(question))
            if question.asks_evidence:
                label = f"Evidence for question {question.number}"
                field = fields.TextField(label=label, required=False)
                named[evidence_name(question)] = Named(f"evidence:{question.pk}", field)
        self.strange = {name: NOT_HERE for name in self.asked if name not in named}
        return {name: each for name, each in named.items() if name in self.asked}

    def _named_entries(self) -> dict[str, Named]:
        return {
            entry_name(pk, part): Named(f"entry:{pk}", field)
            for pk in self.entry_ids
            for part, field in entry_fields().items()
        }

    def _check_order(self) -> None:
        said = self.form.cleaned_data
        for pk in self.entry_ids:
            began, ended = said.get(entry_name(pk, "began")), said.get(entry_name(pk, "ended"))
            if began and ended and ended < began:
                self.form.add_error(entry_name(pk, "ended"), BACKWARDS)

    def _lines(self, good: Mapping[str, Any]) -> dict[UUID, Line]:
        return {
            pk: Line(*(good[entry_name(pk, part)] for part in PARTS))
            for pk in self.entry_ids
            if entry_name(pk, "words") in good
        }
