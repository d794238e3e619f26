import uuid

from django.db import models


class RandomIdModel(models.Model):
    """Base of everything that has an address: ids are random, so an address says nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
