"""The activity names every published document by its fingerprint, and the documents are held to it.

So a document and its own hashes cannot be changed together, and none can vanish, without an entry
of a chain that says otherwise.
"""

from collections.abc import Iterator

from agencies.chain_format import chain_of
from agencies.domain import activity
from agencies.domain.verifying import Fault, beside_the_chains
from agencies.models import Activity, User
from reports.documents.fingerprint import SUBJECT, TAKEN
from reports.models import Document


def take(document: Document, *, by: User) -> None:
    """Inside the transaction that publishes it."""
    activity.record(
        TAKEN,
        by=by,
        partnership=document.audit.partnership_id,
        subject=activity.Named(SUBJECT, document.fingerprint),
        audit_id=document.audit_id,
    )


@beside_the_chains
def faults() -> Iterator[Fault]:
    """Entries are read before the documents: what is published meanwhile is no fault."""
    named = list(
        Activity.objects.filter(verb=TAKEN, subject_type=SUBJECT)
        .order_by("chain", "number")
        .values_list("chain", "number", "audit_id", "subject_id")
    )
    kept = {each.pk: each for each in Document.objects.without_contents()}
    there = {each.name_in_activity for each in kept.values()}
    for chain, number, *name in named:
        if tuple(name) not in there:
            yield Fault(chain, number, "the document that it names is gone, or was altered")
    for pk in sorted(Document.objects.altered() & kept.keys()):
        chain = chain_of(None, kept[pk].audit_id)
        yield Fault(chain, 0, f"document {pk} is not what was approved")
