from typing import Self

from django.db import models
from django.db.models import Count
from django.utils import timezone

from agencies.models import Agency, Partnership, RandomIdModel, User
from agencies.roles import Permission


class ToolkitQuerySet(models.QuerySet["Toolkit"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(partnership__in=user.partnerships_with(Permission.MANAGE_SETUP))

    def for_list(self, partnership: Partnership) -> Self:
        """Adds `question_count` and `audit_count`; the latest version of each name first."""
        return self.filter(partnership=partnership).annotate(
            question_count=Count("questions", distinct=True),
            audit_count=Count("audits", distinct=True),
        )


class Toolkit(RandomIdModel):
    """A versioned question set. Frozen once an audit that uses it has circulated."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="toolkits")
    name = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    description = models.TextField(blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ToolkitQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "name", "version"], name="toolkit_version_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    @property
    def is_frozen(self) -> bool:
        return self.frozen_at is not None


class YesNoAnswer(models.TextChoices):
    """Not applicable and not recorded are answers of their own and never count as no."""

    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"
    NOT_APPLICABLE = "not_applicable", "Not applicable"
    NOT_RECORDED = "not_recorded", "Not recorded"


_YES_NO = [(str(value), str(label)) for value, label in YesNoAnswer.choices]


class PointKind(models.TextChoices):
    WENT_WELL = "went_well", "Went well"
    CAN_BE_IMPROVED = "can_be_improved", "Can be improved"
    CHALLENGE = "challenge", "Challenge or theme"
    GOOD_PRACTICE = "good_practice", "Good practice"


class QuestionQuerySet(models.QuerySet["Question"]):
    def with_conditions(self) -> Self:
        """With the question each follows and the agencies each is for."""
        return self.select_related("follows").prefetch_related("agencies")


class Question(RandomIdModel):
    class Kind(models.TextChoices):
        YES_NO = "yes_no", "Yes, partly, no"
        CHOICE = "choice", "One of a list"
        NUMBER = "number", "Number"
        DATE = "date", "Date"
        TEXT = "text", "Words"
        POINTS = "points", "Points of a kind"

    toolkit = models.ForeignKey(Toolkit, on_delete=models.CASCADE, related_name="questions")
    code = models.SlugField(
        max_length=40, help_text="Short and lasting: figures name the question by it."
    )
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.YES_NO)
    text = models.TextField("question")
    help_text = models.TextField(blank=True)
    choices = models.JSONField(
        default=list, blank=True, help_text="Labels to choose from, for one of a list."
    )
    point_kind = models.CharField(max_length=20, choices=PointKind, blank=True)
    asks_evidence = models.BooleanField("ask for evidence in words", default=True)
    for_contributors = models.BooleanField("put to contributors too", default=False)
    required = models.BooleanField("must be answered before the case is complete", default=True)
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    follows_answers = models.JSONField(
        default=list, blank=True, help_text="Answers of the question before that bring this one up."
    )
    agencies = models.ManyToManyField(
        Agency, blank=True, related_name="+", help_text="Leave empty to ask every agency."
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["toolkit", "code"], name="question_code_unique")
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def number(self) -> int:
        """Its number in the printed list, from 1; a follow-up question keeps its own."""
        return self.position + 1

    @property
    def follows_words(self) -> str:
        """When it is asked: “after Yes or Partly to question 1”; empty if always."""
        if self.follows is None:
            return ""
        labels = dict(self.follows.answers)
        answers = " or ".join(labels.get(answer, answer) for answer in self.follows_answers)
        return f"after {answers} to question {self.follows.number}"

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Value and label of each answer to choose from; empty for free answers."""
        if self.kind == self.Kind.YES_NO:
            return list(_YES_NO)
        if self.kind == self.Kind.CHOICE:
            return [(choice, choice) for choice in self.choices]
        return []
