"""A placement carries its point's audit, so that those of an audit are counted in one stretch."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import OuterRef, Subquery

TABLE = "audits_pointplacement"


def carry(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Says nothing new of what was signed off, so what keeps that is put aside meanwhile."""
    on_postgresql = editor.connection.vendor == "postgresql"
    if on_postgresql:
        editor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER maca_keep_signed")
    audit = apps.get_model("audits", "Point").objects.filter(pk=OuterRef("point"))
    apps.get_model("audits", "PointPlacement").objects.update(
        audit=Subquery(audit.values("audit")[:1])
    )
    if on_postgresql:
        # A table whose foreign keys are still to be checked cannot be altered.
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER maca_keep_signed")
        editor.execute("SET CONSTRAINTS ALL DEFERRED")


def audit(*, null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        editable=False,
        null=null,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to="audits.audit",
    )


class Migration(migrations.Migration):
    dependencies = [("audits", "0011_fingerprints")]

    operations = [
        migrations.AddField("pointplacement", "audit", audit(null=True)),
        migrations.RunPython(carry, migrations.RunPython.noop),
        migrations.AlterField("pointplacement", "audit", audit(null=False)),
        migrations.AddIndex(
            "pointplacement",
            models.Index(fields=["audit", "agreed", "kind", "point"], name="placement_counts"),
        ),
    ]
