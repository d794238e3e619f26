"""The stages of an audit, of an agency return and of a case return, and the groups of them."""

from django.db import models


class Stage(models.TextChoices):
    PLANNED = "planned", "Planned"
    NOMINATING = "nominating", "Nominating"
    COLLECTING = "collecting", "Collecting"
    MEETING = "meeting", "Meeting"
    DRAFTING = "drafting", "Drafting"
    PUBLISHED = "published", "Published"
    CLOSED = "closed", "Closed"


STAGES = list(Stage)
FROM_COLLECTING = STAGES[STAGES.index(Stage.COLLECTING) :]
FROM_MEETING = STAGES[STAGES.index(Stage.MEETING) :]
OPEN_STAGES = STAGES[: STAGES.index(Stage.CLOSED)]


class ReturnStage(models.TextChoices):
    OPEN = "open", "Open"
    SIGNED_OFF = "signed_off", "Signed off"
    NIL = "nil", "Nil return"
    DECLINED = "declined", "Declined"
    EXCUSED = "excused", "Excused"


HANDED_IN = [ReturnStage.SIGNED_OFF, ReturnStage.NIL, ReturnStage.DECLINED]
SETTLED = [*HANDED_IN, ReturnStage.EXCUSED]


class CaseReturnStage(models.TextChoices):
    NOT_STARTED = "not_started", "Not started"
    IN_PROGRESS = "in_progress", "In progress"
    COMPLETE = "complete", "Complete"
    NOT_KNOWN = "not_known", "Not known to us"


FINISHED = [CaseReturnStage.COMPLETE, CaseReturnStage.NOT_KNOWN]
