from django.db import models

from audits.models import Audit


class Prose(models.Model):
    """A passage of a document that somebody edited; without a row the default text stands."""

    class Passage(models.TextChoices):
        BACKGROUND = "background", "Background"
        METHODOLOGY = "methodology", "Methodology"
        THANKS = "thanks", "Thanks"
        THEME_AND_CASES = "theme_and_cases", "Theme and cases"
        PROCESS = "process", "The process"

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="prose")
    passage = models.CharField(max_length=20, choices=Passage)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "prose"
        constraints = [models.UniqueConstraint(fields=["audit", "passage"], name="prose_once")]

    def __str__(self) -> str:
        return f"{self.get_passage_display()}: {self.audit}"
