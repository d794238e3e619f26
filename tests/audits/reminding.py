"""An audit whose returns fall due, and what each morning's mail says of it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import time_machine

from agencies.models import Agency, OutboxMessage, Partnership, User
from agencies.roles import Role
from audits.domain import digests
from audits.models import AgencyReturn, Audit, CaseReturn, CaseReturnStage, Stage
from tests import factories
from tests.factories import person

DUE = date(2026, 11, 13)
"""A Friday."""
NURSE = ["HEA, “Neglect”: 3 cases that nobody has taken on yet (by 13 November 2026)"]


def at(day: int, hour: int = 7) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZoneInfo("Europe/London"))


class World:
    """Fenshire: one audit of three cases, police and health, with everybody who has a part."""

    def __init__(self) -> None:
        self.partnership: Partnership = factories.PartnershipFactory(name="Fenshire")
        self.officer = person(Role.OFFICER, self.partnership, email="officer@fenshire.example")
        self.chair = person(Role.CHAIR, self.partnership, email="chair@fenshire.example")
        person(Role.MEMBER, self.partnership, email="member@fenshire.example")
        person(Role.BOARD, self.partnership, email="board@fenshire.example")
        person(Role.ADMIN, self.partnership, email="admin@fenshire.example")
        self.audit: Audit = factories.AuditFactory(
            partnership=self.partnership, title="Neglect", stage=Stage.COLLECTING, return_by=DUE
        )
        self.cases = factories.CaseFactory.create_batch(3, audit=self.audit)
        self.police = self.join("POL")
        self.auditor = person(Role.AUDITOR, self.police.agency, email="auditor@police.example")
        self.lead = person(Role.LEAD, self.police.agency, email="lead@police.example")
        self.health = self.join("HEA")
        self.nurse = person(Role.LEAD, self.health.agency, email="nurse@health.example")

    def join(self, short_name: str) -> AgencyReturn:
        agency: Agency = factories.AgencyFactory(
            partnership=self.partnership, short_name=short_name
        )
        row: AgencyReturn = factories.AgencyReturnFactory(audit=self.audit, agency=agency)
        for case in self.cases:
            factories.CaseReturnFactory(agency_return=row, case=case)
        return row

    def assign(self, user: User, number: int = 3) -> None:
        for row in self.police.case_returns.all()[:number]:
            row.auditor = user
            row.save()

    def finish(self, agency_return: AgencyReturn, number: int = 3) -> None:
        rows = agency_return.case_returns.all()[:number]
        CaseReturn.objects.filter(pk__in=[row.pk for row in rows]).update(
            stage=CaseReturnStage.COMPLETE
        )


Sent = dict[str, list[str]]


def written_on(day: int) -> list[OutboxMessage]:
    with time_machine.travel(at(day), tick=False):
        digests.send_digests()
    return list(OutboxMessage.objects.filter(key__endswith=f"2026-11-{day:02}").order_by("to"))


def sent_on(day: int) -> Sent:
    """The lines by person of that morning's mail."""
    return {
        message.to.split("@")[0]: [
            line[2:] for line in message.body.splitlines() if line.startswith("- ")
        ]
        for message in written_on(day)
    }
