import re
from typing import Any

from django import forms

from agencies.forms import fields
from agencies.models import Agency
from audits.domain.findings import Draft
from audits.domain.places import Place
from audits.forms.choices import choose_from
from audits.forms.revisioned import RevisionedForm
from audits.models import (
    Audit,
    Figure,
    Finding,
    GapHeading,
    LearningTheme,
    Point,
    SeenBefore,
)
from audits.reading.findings import figure_words, place_choices
from audits.text import unknown_codes

ON_PAPER = re.compile(r"^(?P<title>.*?)(?:\s*\((?P<code>[^()]{1,40})\))?$")


class FindingForm(RevisionedForm):
    """A finding: what it says, where it prints, and what it rests on."""

    text = fields.TextField(
        label="Finding",
        label_size="m",
        help_text="Write {figure:code} where one of its figures is to stand. A figure that is "
        "not named follows the text in brackets.",
        error_messages={"required": "Write the finding."},
    )
    places = fields.MultipleChoiceField(
        label="Where it prints",
        required=False,
        help_text="It is written once and may stand in several places.",
    )
    for_scrutiny = fields.BooleanField(label="For the board’s scrutiny", required=False)
    agencies = fields.ModelMultipleChoiceField(
        label="Agencies it is about", queryset=Agency.objects.none(), required=False
    )
    learning_themes = fields.ModelMultipleChoiceField(
        label="Learning themes", queryset=LearningTheme.objects.none(), required=False
    )
    figures = fields.ModelMultipleChoiceField(
        label="Figures it rests on", queryset=Figure.objects.none(), required=False
    )
    points = fields.ModelMultipleChoiceField(
        label="Points it rests on", queryset=Point.objects.none(), required=False
    )
    earlier_audits = fields.ModelMultipleChoiceField(
        label="Seen in earlier audits", queryset=Audit.objects.none(), required=False
    )
    on_paper = fields.TextField(
        label="Seen in earlier audits known only on paper",
        required=False,
        rows=2,
        help_text="One a line: the title, then its code in brackets if it has one.",
    )

    def __init__(self, *args: Any, audit: Audit, earlier: Any, points: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hide_optional = True
        self.fields["places"].choices = place_choices(audit)  # type: ignore[attr-defined]
        themes = LearningTheme.objects.filter(partnership=audit.partnership_id)
        choose_from(self, "learning_themes", themes)
        choose_from(self, "agencies", audit.agencies_asked.order_by("name"))
        choose_from(self, "figures", audit.figures.select_related("agency", "question"))
        choose_from(self, "earlier_audits", earlier)
        choose_from(self, "points", points)
        self._say("figures", lambda figure: f"{figure.code}: {figure_words(figure)}")
        self._say("earlier_audits", lambda earlier: f"{earlier.title} ({earlier.code})")

    def _say(self, name: str, words: Any) -> None:
        self.fields[name].label_from_instance = words  # type: ignore[attr-defined]

    def clean_on_paper(self) -> list[tuple[str, str]]:
        lines = (line.strip() for line in self.cleaned_data["on_paper"].splitlines())
        found = []
        for line in filter(None, lines):
            match = ON_PAPER.match(line)
            title = match["title"].strip() if match else line
            if not title or len(title) > 200:
                raise forms.ValidationError("Give each earlier audit a title of 1 to 200 letters.")
            found.append(((match["code"] or "") if match else "", title))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known = {figure.code for figure in cleaned.get("figures") or ()}
        for code in unknown_codes(cleaned.get("text", ""), known):
            self.add_error(
                "text",
                f"No figure of this finding has the code “{code}”. Tick it under the figures, "
                "or correct the code.",
            )
        return cleaned

    def draft(self) -> Draft:
        """Call when valid."""
        data = self.cleaned_data
        linked = [(audit.code, audit.title) for audit in data["earlier_audits"]]
        return Draft(
            text=data["text"],
            learning_themes=data["learning_themes"],
            agencies=data["agencies"],
            points=data["points"],
            figures=data["figures"],
            for_scrutiny=data["for_scrutiny"],
            seen_before=[*linked, *data["on_paper"]],
            places=[Place.parse(value) for value in data["places"]],
        )


def finding_initial(finding: Finding, earlier: list[Audit]) -> dict[str, Any]:
    seen = list(finding.seen_before.all())
    named = {(audit.code, audit.title): audit for audit in earlier}
    return {
        "text": finding.text,
        "revision": finding.revision,
        "places": [str(Place.of(placement)) for placement in finding.placements.all()],
        "for_scrutiny": finding.for_scrutiny,
        "agencies": list(finding.agencies.all()),
        "learning_themes": list(finding.learning_themes.all()),
        "figures": list(finding.figures.all()),
        "points": list(finding.points.all()),
        "earlier_audits": [named[key] for each in seen if (key := _key(each)) in named],
        "on_paper": "\n".join(str(each) for each in seen if _key(each) not in named),
    }


def _key(seen: SeenBefore) -> tuple[str, str]:
    return (seen.audit_code, seen.audit_title)


def initial_from_points(points: list[Point]) -> dict[str, Any]:
    """A finding begun from points: their words, their agencies, what they are coded to."""
    return {
        "text": "\n".join(point.text for point in points),
        "points": points,
        "agencies": [point.agency for point in points if point.agency],
        "learning_themes": [theme for point in points for theme in point.learning_themes.all()],
    }


class WordingForm(RevisionedForm):
    wording = fields.TextField(
        label="Its words in this place",
        required=False,
        help_text="Leave it empty to print the finding’s own text here too.",
    )


class LeadInForm(RevisionedForm):
    text = fields.TextField(
        label="Lead-in",
        rows=2,
        help_text="It introduces the findings placed under it, for example “Some themes were "
        "seen before:”.",
        error_messages={"required": "Write the lead-in."},
    )


class NewLeadInForm(LeadInForm):
    place = fields.SelectField(label="In which section")

    def __init__(self, *args: Any, audit: Audit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (value, label)
            for value, label in place_choices(audit)
            if Place.parse(value).lead_in_id is None
        ]


class GapHeadingForm(forms.Form):
    label = fields.CharField(
        label="Heading",
        max_length=200,
        width="30",
        help_text="As it is to print, for example “Policy and procedures”.",
        error_messages={"required": "Write the heading."},
    )
    learning_theme = fields.ModelChoiceField(
        label="Learning theme it belongs to",
        queryset=LearningTheme.objects.none(),
        error_messages={"required": "Choose the learning theme the heading belongs to."},
    )

    def __init__(
        self, *args: Any, audit: Audit, heading: GapHeading | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.audit, self.heading = audit, heading
        themes = LearningTheme.objects.filter(partnership=audit.partnership_id, active=True)
        choose_from(self, "learning_theme", themes)
        if heading:
            self.initial.update(label=heading.label, learning_theme=heading.learning_theme_id)

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"]
        same = self.audit.gap_headings.filter(label=label)
        if self.heading:
            same = same.exclude(pk=self.heading.pk)
        if same.exists():
            raise forms.ValidationError("Another heading of this audit already reads like this.")
        return label


class BeginForm(forms.Form):
    """Points ticked on the list, and the finding they are for: a new one, or one there is."""

    points = forms.ModelMultipleChoiceField(
        queryset=Point.objects.none(),
        error_messages={"required": "Tick at least one point."},
    )
    finding = forms.ModelChoiceField(queryset=Finding.objects.none(), required=False)

    def __init__(self, *args: Any, audit: Audit, points: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_from(self, "points", points)
        choose_from(self, "finding", audit.findings.all())
