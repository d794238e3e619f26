from typing import Any

from agencies.forms import fields
from audits.forms.final import FinalWords


class ReasonForm(FinalWords):
    """Why something is done; kept beside it and read by whoever may read the thing."""

    reason = fields.TextField(
        label="Reason",
        rows=3,
        error_messages={"required": "Give a reason."},
    )

    def __init__(
        self,
        *args: Any,
        label: str = "Reason",
        kept: str = "in the history of the audit",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].help_text = f"It is kept {kept}. Do not name a child or their family."


class SealReasonForm(ReasonForm):
    """Why an audit's identities are held, or destroyed: that has to work without their key too."""

    fails_closed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kept = "under “Who the cases are”, for those who run the audit"
        super().__init__(*args, kept=kept, **kwargs)
