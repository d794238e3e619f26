from django import forms

from agencies.forms import fields


class ProseForm(forms.Form):
    text = fields.TextField(
        label="Text",
        help_text="A blank line starts a new paragraph; a line that starts with “- ” is a bullet.",
        rows=14,
        width="full",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
