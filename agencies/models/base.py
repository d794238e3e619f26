import uuid
from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q


def any_of(ways: Sequence[Q]) -> Q:
    """Rows that one of these conditions lets through; without any, no row at all."""
    return reduce(or_, ways) if ways else Q(pk__in=[])


class RandomIdModel(models.Model):
    """Base of everything that has an address: ids are random, so an address says nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True
