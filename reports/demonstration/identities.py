"""Who the cases of the audit that is being collected are: invented, like everything here."""

from datetime import date, timedelta

from agencies.models import User
from audits.domain.identities import seal_identities
from audits.domain.seals import begin_seal
from audits.identity import Identity
from audits.models import Audit
from reports.demonstration.accounts import HOST

# Names that no text of the demonstration uses; ages in days, since these
# are children under two; NHS numbers of the range kept for tests (999 …).
CHILDREN = [
    ("Wrenna", "Tollgarth", 140, "9990000018", "14 Sluice Row", "FE3 4QT"),
    ("Corvin", "Eastmarsh", 301, "9990000026", "2 Osier Court", "FE1 7LD"),
    ("Liriel", "Sedgewater", 455, "", "Flat 5, The Maltings", "FE2 2HP"),
    ("Tamsel", "Brackenholt", 88, "9990000042", "88 Causeway Street", "FE1 1RW"),
    ("Ossian", "Lowfleet", 610, "", "6 Heron Close", "FE5 9DA"),
    ("Maribeth", "Quernstone", 233, "9990000069", "31 Drove Lane", "FE4 3NB"),
    ("Jorah", "Fenwhistle", 512, "", "1 Pump Cottages", "FE6 8YX"),
    ("Elowyn", "Staithe", 377, "9990000085", "47 Tern Avenue", "FE2 5CK"),
    ("Piran", "Mossbeck", 695, "", "19 Windpump Road", "FE3 1GZ"),
]


def seal_invented(audit: Audit, *, today: date) -> None:
    """Once; what was sealed, destroyed or sealed again since stays as it is."""
    if audit.seals.exists():
        return
    officer = User.objects.get(email=f"officer@{HOST}")
    seal = begin_seal(audit=audit, by=officer, keep_until=today + timedelta(days=180))
    cases = audit.cases.in_sample()
    agencies = list(audit.agencies_asked.all())
    identities = {
        case: Identity(
            given_names=given,
            family_name=family,
            born_on=today - timedelta(days=age),
            nhs_number=number,
            address=address,
            postcode=postcode,
            relatives=f"Adult {family}, mother",
            references={
                str(agency.pk): f"{agency.short_name[:2].upper()}-{case.number:03}"
                for agency in agencies
                if agency.short_name in {"Police", "Social Care"}
            },
        )
        for case, (given, family, age, number, address, postcode) in zip(
            cases, CHILDREN, strict=False
        )
    }
    seal_identities(seal=seal, by=officer, identities=identities)
