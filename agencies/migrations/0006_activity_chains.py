"""The activity becomes chains: what stands in it already is linked in the order it was written."""

from itertools import batched

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from agencies.chain_format import COLUMNS, REGISTER, chain_of, entry_hash, opening_hash

ENTRIES_AT_ONCE = 500
EXPORTS = ("downloaded ", "took the audit out")


def kind_of(verb: str) -> str:
    """Before there were kinds, refusals and exports stood among the changes."""
    if verb == "was refused":
        return "refused"
    return "export" if verb.startswith(EXPORTS) else "change"


def link(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    Activity = apps.get_model("agencies", "Activity")
    heads: dict[str, tuple[int, str]] = {}
    rows = Activity.objects.order_by("pk").iterator(chunk_size=ENTRIES_AT_ONCE)
    for some in batched(rows, ENTRIES_AT_ONCE):
        for row in some:
            row.chain = chain_of(row.partnership_id, row.audit_id)
            row.kind = kind_of(row.verb)
            number, row.previous = heads.get(row.chain, (0, ""))
            row.number = number + 1
            row.hash = entry_hash({name: getattr(row, name) for name in COLUMNS})
            heads[row.chain] = (row.number, row.hash)
        Activity.objects.bulk_update(some, ["chain", "kind", "number", "previous", "hash"])
    register(apps, heads)


def register(apps: StateApps, heads: dict[str, tuple[int, str]]) -> None:
    ActivityChain = apps.get_model("agencies", "ActivityChain")
    opening, rows = "", []
    for opened, (key, (count, last)) in enumerate(sorted(heads.items()), 1):
        opening = opening_hash(key, opened, opening)
        rows.append(
            ActivityChain(key=key, count=count, hash=last, opened=opened, opening=opening)
        )
    rows.append(ActivityChain(key=REGISTER, count=len(heads), hash=opening))
    ActivityChain.objects.bulk_create(rows)


class Migration(migrations.Migration):

    dependencies = [
        ("agencies", "0005_leavers_sessions_and_reviews"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActivityChain",
            fields=[
                ("key", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("count", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, max_length=64)),
                ("opened", models.PositiveBigIntegerField(null=True, unique=True)),
                ("opening", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="ActivityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("chains", models.PositiveIntegerField()),
                ("entries", models.PositiveBigIntegerField()),
                ("faults", models.JSONField(blank=True, default=list)),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "get_latest_by": "at",
            },
        ),
        migrations.AddField("activity", "agency_id", models.UUIDField(blank=True, null=True)),
        migrations.AddField(
            "activity",
            "chain",
            models.CharField(default="", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            "activity",
            "number",
            models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            "activity",
            "previous",
            models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            "activity",
            "hash",
            models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            "activity",
            "kind",
            models.CharField(
                choices=[
                    ("change", "Changes"),
                    ("sign_in", "Signing in and out"),
                    ("refused", "Refusals"),
                    ("export", "Exports and downloads"),
                    ("view", "Views of an identity"),
                ],
                default="change",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "activity",
            "partnership",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agencies.partnership",
            ),
        ),
        migrations.RunPython(link, migrations.RunPython.noop),
    ]
