from collections.abc import Sequence
from typing import Any

from django import forms


class RevisionedForm(forms.Form):
    """A form that knows which revision of a text it shows.

    When somebody saved meanwhile it comes back with both: what they saved, in
    `saved_meanwhile`, and in its fields what this person typed. Sending it again is then a
    decision to replace.
    """

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.saved_meanwhile: list[tuple[str, str]] = []

    def show_both(self, current: Any, names: Sequence[str]) -> None:
        """`names`: the fields of the form whose saved words are shown beside the typed ones."""
        self.saved_meanwhile = [
            (str(self[name].label), str(getattr(current, name) or "Nothing")) for name in names
        ]
        data: Any = self.data
        self.data = data.copy()
        data = self.data
        data[self.add_prefix("revision")] = str(current.revision)
        self.add_error(
            None,
            "Somebody else saved this while you were writing. Read what they saved, then save "
            "yours again to replace it.",
        )
