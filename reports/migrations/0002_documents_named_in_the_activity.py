"""What was published before is named in the activity of its audit, by its fingerprint.

As it stands now, and only where that audit's activity tells of its publication: one that was moved
to another audit, or put in, stays unnamed, and its page says that it is not what was approved.
"""

from itertools import groupby

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

from agencies.chain_format import COLUMNS, entry_hash
from reports.documents.fingerprint import SUBJECT, TAKEN, fingerprint_of

PUBLISHED = "published a document"


def name(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    Document = apps.get_model("reports", "Document")
    documents = Document.objects.defer("content", "pdf").order_by("audit", "published_at", "pk")
    for audit_id, published in groupby(documents, key=lambda each: each.audit_id):
        append(apps, audit_id, list(published))


def append(apps: StateApps, audit_id, documents) -> None:
    Activity = apps.get_model("agencies", "Activity")
    Head = apps.get_model("agencies", "ActivityChain")
    own = Activity.objects.filter(audit_id=audit_id)
    told = own.filter(verb=PUBLISHED, subject_type="reports.document").order_by("pk")
    publication = {each.subject_id: each for each in told}
    named = set(own.filter(verb=TAKEN, subject_type=SUBJECT).values_list("subject_id", flat=True))
    for document in documents:
        entry, fingerprint = publication.get(str(document.pk)), fingerprint_of(document)
        if entry is None or fingerprint in named:
            continue
        head = Head.objects.get(key=entry.chain)
        link = Activity(
            chain=head.key,
            number=head.count + 1,
            previous=head.hash,
            at=timezone.now(),
            kind="change",
            verb=TAKEN,
            by_id=None,
            partnership_id=entry.partnership_id,
            audit_id=audit_id,
            subject_type=SUBJECT,
            subject_id=fingerprint,
        )
        link.hash = entry_hash({column: getattr(link, column) for column in COLUMNS})
        # The database moves the head of the chain with it.
        Activity.objects.bulk_create([link])


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_activity_guards"),
        ("reports", "0001_initial"),
    ]

    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
