"""An audit that is being collected, with a seal and what goes into it, and the seal's pages."""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from agencies.key_folder import key_folder
from agencies.models import Agency, User
from agencies.roles import Role
from audits.domain.identities import seal_identities
from audits.domain.seals import begin_seal
from audits.identity import Identity
from audits.models import AgencyReturn, Audit, Case, Seal, SealedIdentity, Stage
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    CaseFactory,
    person,
)

WREN = Identity(
    given_names="Wrenella",
    family_name="Quillfeather",
    other_names="Wrennie Dabb",
    born_on=date(2014, 3, 2),
    nhs_number="9434765919",
    address="3 Bittern Row, Saltreach",
    postcode="FE71 2AB",
    relatives="Orrin Quillfeather, brother, 2012",
)
TOBIT = Identity(given_names="Tobit", family_name="Marlstone", born_on=date(2019, 11, 30))
WORDS = (
    "Wrenella",
    "Quillfeather",
    "Wrennie Dabb",
    "9434765919",
    "943 476 5919",
    "Bittern Row",
    "Saltreach",
    "FE71 2AB",
    "Orrin Quillfeather",
    "2 March 2014",
    "2014-03-02",
    "Tobit Marlstone",
    "Marlstone",
    "2019-11-30",
    "30 November 2019",
    "PNC-4411",
    "GP-9020",
)
"""Everything of the two that must turn up nowhere else. None could stand in a random id or in
ciphertext by chance: each is long, or has a mark that those never have."""


@dataclass
class Sealed:
    audit: Audit
    officer: User
    cases: list[Case]
    police: AgencyReturn
    health: AgencyReturn
    constable: User
    nurse: User
    seal: Seal
    identities: dict[Case, Identity] = field(default_factory=dict)


def sealed_audit(*, stage: Stage = Stage.COLLECTING, cases: int = 2) -> Sealed:
    """Two cases with an identity each, more without one."""
    audit = AuditFactory(stage=stage)
    officer = person(Role.OFFICER, audit.partnership, name="Olga Officer")
    police = AgencyReturnFactory(
        audit=audit,
        agency=AgencyFactory(partnership=audit.partnership, short_name="POL", name="Police"),
    )
    health = AgencyReturnFactory(
        audit=audit,
        agency=AgencyFactory(
            partnership=audit.partnership,
            short_name="HEA",
            name="Health",
            kind=Agency.Kind.HEALTH_PROVIDER,
        ),
    )
    rows: list[Case] = [CaseFactory(audit=audit) for _ in range(cases)]
    seal = begin_seal(audit=audit, by=officer, keep_until=timezone.localdate() + timedelta(days=90))
    references = {str(police.agency_id): "PNC-4411", str(health.agency_id): "GP-9020"}
    identities = dict(
        zip(rows, [Identity(**{**vars(WREN), "references": references}), TOBIT], strict=False)
    )
    seal_identities(seal=seal, by=officer, identities=identities)
    return Sealed(
        audit=audit,
        officer=officer,
        cases=rows,
        police=police,
        health=health,
        constable=person(Role.AUDITOR, police.agency, name="Cal Constable"),
        nurse=person(Role.LEAD, health.agency, name="Nell Nurse"),
        seal=seal,
        identities=identities,
    )


def at(name: str, world: Sealed, **more: Any) -> str:
    return reverse(name, kwargs={"audit_id": world.audit.pk, **more})


def page(client: Client, address: str, sent: Any = None) -> str:
    response = client.get(address) if sent is None else client.post(address, sent)
    assert response.status_code == 200, response.headers
    assert response.headers["Cache-Control"] == "no-store"
    return str(response.content.decode())


def identity_of(world: Sealed, number: int) -> Identity:
    row = SealedIdentity.objects.get(case__audit=world.audit, case__number=number)
    cipher = key_folder().cipher(row.seal_id)
    return Identity.from_bytes(cipher.decrypt(bytes(row.box), bound_to=row.bound_to))


def filled(rows: list[list[Any]], titles: list[str] | None = None) -> SimpleUploadedFile:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Who the cases are"
    sheet.append(
        titles
        or ["Case", "Given names", "Family name", "Date of birth", "NHS number", "Reference of POL"]
    )
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("cases.xlsx", out.getvalue())
