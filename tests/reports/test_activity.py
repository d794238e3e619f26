"""Who did what: who may look, what is named, and what the filters leave."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from agencies.domain import activity, verifying
from agencies.models import Activity, ActivityKind, Partnership, User
from agencies.roles import Role
from audits.domain import digests
from audits.models import AgencyReturn
from reports.reading.activity import lines
from tests.factories import (
    AgencyFactory,
    AgencyReturnFactory,
    AuditFactory,
    BodyFactory,
    CaseFactory,
    CaseReturnFactory,
    ContributorFactory,
    LearningThemeFactory,
    PartnershipFactory,
    ThemeFactory,
    ToolkitFactory,
    UserFactory,
    person,
)
from tests.support.guards import unguarded

pytestmark = pytest.mark.django_db

URL = "/activity/"


def sheet_rows(client: Client, url: str) -> list[list[Any]]:
    """What stands under the headings of the spreadsheet."""
    sheet = load_workbook(BytesIO(client.get(url).content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


@pytest.fixture
def partnership() -> Partnership:
    return PartnershipFactory()


@pytest.fixture
def officer(partnership: Partnership) -> User:
    return person(Role.OFFICER, partnership, name="Olive")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OFFICER, 200),
        (Role.CHAIR, 200),
        (Role.ADMIN, 200),
        (Role.MEMBER, 403),
        (Role.BOARD, 403),
    ],
)
def test_who_may_look(client: Client, partnership: Partnership, role: Role, status: int) -> None:
    client.force_login(person(role, partnership))
    assert client.get(URL).status_code == status


def test_an_agencys_people_may_not_look(client: Client, partnership: Partnership) -> None:
    agency = AgencyFactory(partnership=partnership)
    for role in (Role.LEAD, Role.AUDITOR):
        client.force_login(person(role, agency))
        assert client.get(URL).status_code == 403


def test_it_asks_to_sign_in(client: Client) -> None:
    assert client.get(URL)["Location"] == "/accounts/login/?next=/activity/"


def test_another_partnerships_activity_stays_there(
    client: Client, partnership: Partnership, officer: User
) -> None:
    activity.record("closed an agency", by=None, partnership=PartnershipFactory())
    client.force_login(officer)
    page = client.get(URL)
    assert page.context["lines"] == []
    assert b"Nothing has happened yet" in page.content
    assert b"Closed an agency" not in page.content


def test_a_line_names_who_what_and_the_audit(
    client: Client, partnership: Partnership, officer: User
) -> None:
    returned = AgencyReturnFactory(
        audit=AuditFactory(partnership=partnership, title="Neglect", stage="collecting")
    )
    activity.record(
        "signed off the return",
        by=officer,
        partnership=partnership,
        subject=returned,
        audit_id=returned.audit_id,
    )
    client.force_login(officer)
    page = client.get(URL)
    (line,) = page.context["lines"]
    assert (line.who, line.verb, line.subject, line.audit) == (
        "Olive",
        "signed off the return",
        returned.agency.name,
        "Neglect",
    )
    assert line.audit_url == reverse("audit-detail", args=[returned.audit_id])
    assert b"Signed off the return" in page.content


def test_an_administrator_is_not_told_the_audits_title(
    client: Client, partnership: Partnership
) -> None:
    audit = AuditFactory(partnership=partnership, title="Neglect")
    activity.record("published", by=None, partnership=partnership, audit_id=audit.pk, subject=audit)
    client.force_login(person(Role.ADMIN, partnership))
    page = client.get(URL)
    (line,) = page.context["lines"]
    assert (line.who, line.audit, line.audit_url) == ("The operator", "", "")
    assert b"Neglect" not in page.content


def test_every_kind_of_subject_has_a_name(partnership: Partnership, officer: User) -> None:
    agency = AgencyFactory(partnership=partnership, name="Constabulary", short_name="Police")
    returned = AgencyReturnFactory(audit=AuditFactory(partnership=partnership), agency=agency)
    case = CaseFactory(audit=returned.audit, number=7)
    subjects = [
        (UserFactory(name="Nora"), "Nora"),
        (agency, "Constabulary"),
        (BodyFactory(partnership=partnership, name="The Board"), "The Board"),
        (ContributorFactory(agency=agency, name="Drove End"), "Drove End"),
        (ThemeFactory(partnership=partnership, name="Neglect"), "Neglect"),
        (LearningThemeFactory(partnership=partnership, name="Record keeping"), "Record keeping"),
        (ToolkitFactory(partnership=partnership, name="Neglect tool"), "Neglect tool"),
        (returned, "Constabulary"),
        (case, "Case 7"),
        (CaseReturnFactory(agency_return=returned, case=case), "Case 7, Police"),
        (officer.memberships.get(), ""),
    ]
    for subject, _ in subjects:
        activity.record("did it", by=officer, partnership=partnership, subject=subject)
    rows = Activity.objects.visible_to(officer).order_by("pk")
    assert [line.subject for line in lines(rows, officer)] == [name for _, name in subjects]


def test_a_subject_that_is_gone_leaves_the_line(partnership: Partnership, officer: User) -> None:
    theme = ThemeFactory(partnership=partnership)
    activity.record("removed a theme", by=officer, partnership=partnership, subject=theme)
    theme.delete()
    (line,) = lines(Activity.objects.all(), officer)
    assert (line.verb, line.subject) == ("removed a theme", "")


@pytest.mark.parametrize(
    ("query", "verbs"),
    [
        ("", ["closed an agency", "added an agency", "sent an invitation"]),
        ("verb=added+an+agency", ["added an agency"]),
        ("since=2026-03-02", ["closed an agency", "added an agency"]),
        ("until=2026-03-02", ["added an agency", "sent an invitation"]),
        ("since=2026-03-02&until=2026-03-02", ["added an agency"]),
        (
            "since=0001-01-01&until=9999-12-31",
            ["closed an agency", "added an agency", "sent an invitation"],
        ),
        ("since=2027-01-01", []),
    ],
)
def test_days_and_verbs_are_filtered(
    client: Client, partnership: Partnership, officer: User, query: str, verbs: list[str]
) -> None:
    """The first and the last minute of a day belong to it."""
    for verb, moment in [
        ("sent an invitation", datetime(2026, 3, 1, 23, 59)),  # noqa: DTZ001
        ("added an agency", datetime(2026, 3, 2, 0, 0)),  # noqa: DTZ001
        ("closed an agency", datetime(2026, 3, 3, 0, 0)),  # noqa: DTZ001
    ]:
        with time_machine.travel(timezone.make_aware(moment), tick=False):
            activity.record(verb, by=officer, partnership=partnership)
    client.force_login(officer)
    page = client.get(f"{URL}?{query}")
    assert [line.verb for line in page.context["lines"]] == verbs
    assert (b"Nothing matches" in page.content) is (not verbs)


def test_people_are_filtered(client: Client, partnership: Partnership, officer: User) -> None:
    chair = person(Role.CHAIR, partnership)
    for by in (officer, chair, None):
        activity.record("did it", by=by, partnership=partnership)
    client.force_login(officer)
    page = client.get(f"{URL}?by={chair.pk}")
    assert [line.who for line in page.context["lines"]] == [chair.name]
    stranger = UserFactory()
    assert "by" in client.get(f"{URL}?by={stranger.pk}").context["form"].errors


def test_a_date_that_is_none_says_so_and_loses_nothing(
    client: Client, partnership: Partnership, officer: User
) -> None:
    client.force_login(officer)
    page = client.get(f"{URL}?since=someday")
    assert "since" in page.context["form"].errors
    assert b"someday" in page.content


def test_a_period_that_ends_before_it_begins_is_said_beside_its_field(
    client: Client, partnership: Partnership, officer: User
) -> None:
    activity.record("did it", by=officer, partnership=partnership)
    client.force_login(officer)
    page = client.get(f"{URL}?since=2026-03-09&until=2026-03-02")
    said = "“Until” is before “From”. Change one of the two days."
    assert page.context["form"].errors == {"until": [said]}
    assert "Nothing matches" not in page.content.decode()
    assert "Nothing matches" in client.get(f"{URL}?until=2001-03-02").content.decode()


def test_what_is_filtered_is_said_in_words_for_paper(
    client: Client, partnership: Partnership, officer: User
) -> None:
    activity.record("did it", by=officer, partnership=partnership)
    client.force_login(officer)
    query = f"by={officer.pk}&kind=change&since=2001-03-02"
    page = client.get(f"{URL}?{query}").content.decode()
    assert f"Filtered. Person: {officer.name}; Kind: Changes; From: 2 March 2001." in page
    assert "maca-activity__filters" not in client.get(URL).content.decode()


def test_long_activity_comes_in_pages(
    client: Client, partnership: Partnership, officer: User
) -> None:
    for number in range(51):
        activity.record(f"did {number}", by=officer, partnership=partnership)
    client.force_login(officer)
    first, second = (client.get(f"{URL}?page={number}").context["lines"] for number in (1, 2))
    assert (len(first), [line.verb for line in second]) == (50, ["did 0"])


def test_names_cost_the_same_whatever_the_number_of_rows(
    client: Client,
    partnership: Partnership,
    officer: User,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    client.force_login(officer)
    for more in (1, 2):
        for _ in range(more):
            audit = AuditFactory(partnership=partnership)
            for subject in (UserFactory(), CaseFactory(audit=audit)):
                activity.record(
                    "did it",
                    by=person(Role.CHAIR, partnership),
                    partnership=partnership,
                    subject=subject,
                    audit_id=audit.pk,
                )
        with django_assert_num_queries(12):
            client.get(URL)


def test_what_a_contributor_did_by_its_link_is_said_to_be_its_own(
    client: Client, partnership: Partnership
) -> None:
    mill = ContributorFactory(agency=AgencyFactory(partnership=partnership), name="Mill Lane")
    activity.record("answered as a contributor", by=None, partnership=partnership, subject=mill)
    client.force_login(person(Role.OFFICER, partnership))
    (line,) = client.get(URL).context["lines"]
    assert (line.who, line.verb) == ("Mill Lane", "answered as a contributor")


def test_the_daily_mail_is_the_applications(client: Client, partnership: Partnership) -> None:
    owed = AgencyReturnFactory(audit=AuditFactory(partnership=partnership))
    activity.record(
        digests.REMINDED,
        by=None,
        partnership=partnership,
        audit_id=owed.audit_id,
        subject=owed,
    )
    client.force_login(person(Role.OFFICER, partnership))
    (line,) = client.get(URL).context["lines"]
    assert (line.who, line.subject) == ("The application", owed.agency.name)


class TestOfOneAudit:
    """The officer and the chair see all of it, an agency's lead what is about their part."""

    @pytest.fixture
    def returned(self, partnership: Partnership, officer: User) -> AgencyReturn:
        audit = AuditFactory(partnership=partnership, title="Neglect", stage="collecting")
        returned: AgencyReturn = AgencyReturnFactory(audit=audit)
        for verb, subject in (("signed off the return", returned), ("moved the dates", audit)):
            activity.record(
                verb, by=officer, partnership=partnership, subject=subject, audit_id=audit.pk
            )
        activity.record("closed an agency", by=officer, partnership=partnership)
        return returned

    def address(self, returned: AgencyReturn, route: str = "audit-activity") -> str:
        return reverse(route, args=[returned.audit_id])

    def test_the_officer_sees_all_of_it_day_by_day(
        self, client: Client, returned: AgencyReturn, officer: User
    ) -> None:
        client.force_login(officer)
        page = client.get(self.address(returned))
        (day,) = page.context["days"]
        assert (day.day, [line.verb for line in day.lines]) == (
            timezone.localdate(),
            ["moved the dates", "signed off the return"],
        )
        assert "All 2 entries are as they were written." in page.content.decode()

    def test_a_lead_sees_their_own_part(self, client: Client, returned: AgencyReturn) -> None:
        client.force_login(person(Role.LEAD, returned.agency))
        page = client.get(self.address(returned))
        assert [line.verb for line in page.context["lines"]] == ["signed off the return"]
        client.force_login(person(Role.AUDITOR, returned.agency))
        assert client.get(self.address(returned)).status_code == 403

    def test_a_lead_does_not_learn_how_much_the_others_do(
        self, client: Client, returned: AgencyReturn, officer: User
    ) -> None:
        client.force_login(person(Role.LEAD, returned.agency))
        before = client.get(self.address(returned))
        (row,) = sheet_rows(client, self.address(returned, "audit-activity-download"))
        assert "Every entry is as it was written." in before.content.decode()
        assert [line.entry for line in before.context["lines"]] == [""]
        assert row[7] is None
        assert row[8] == Activity.objects.get(verb="signed off the return").hash

        other = AgencyReturnFactory(audit=returned.audit)
        activity.record(
            "wrote in a case return",
            by=officer,
            partnership=returned.audit.partnership_id,
            subject=other,
            audit_id=returned.audit_id,
        )
        after = client.get(self.address(returned))
        assert after.context["chain"].entries is before.context["chain"].entries is None
        assert "2 entries" not in after.content.decode()

        client.force_login(officer)
        newest = sheet_rows(client, self.address(returned, "audit-activity-download"))[0]
        assert newest[7] == f"audit:{returned.audit_id}, 4"

    def test_another_agencys_lead_sees_none_of_it(
        self, client: Client, returned: AgencyReturn
    ) -> None:
        other = AgencyReturnFactory(audit=returned.audit)
        client.force_login(person(Role.LEAD, other.agency))
        assert client.get(self.address(returned)).context["lines"] == []

    def test_what_was_altered_behind_its_back_is_said_plainly(
        self, client: Client, returned: AgencyReturn, officer: User
    ) -> None:
        with unguarded(), connection.cursor() as cursor:
            cursor.execute("UPDATE agencies_activity SET verb = 'did nothing'")
        client.force_login(officer)
        page = client.get(self.address(returned)).content.decode()
        assert "The record has been interfered with." in page

    def test_it_is_filtered_by_agency_and_kind(
        self, client: Client, returned: AgencyReturn, officer: User
    ) -> None:
        client.force_login(officer)
        address = self.address(returned)
        for query, number in (
            (f"agency={returned.agency_id}", 1),
            ("kind=change", 2),
            ("kind=export", 0),
        ):
            assert len(client.get(f"{address}?{query}").context["lines"]) == number, query

    def test_it_is_taken_out_as_a_sheet_without_formulas_and_that_is_recorded(
        self, client: Client, returned: AgencyReturn, officer: User
    ) -> None:
        officer.name = "=1+1"
        officer.save()
        client.force_login(officer)
        answer = client.get(self.address(returned, "audit-activity-download") + "?kind=change")
        sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert [row[1:4] for row in rows] == [
            ["Who", "What they did", "To"],
            ["=1+1", "moved the dates", None],
            ["=1+1", "signed off the return", returned.agency.name],
        ]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
        newest = Activity.objects.latest("pk")
        assert (newest.verb, newest.kind, newest.audit_id) == (
            "downloaded the activity",
            ActivityKind.EXPORT,
            returned.audit_id,
        )

    def test_that_of_the_partnership_too(
        self, client: Client, returned: AgencyReturn, officer: User
    ) -> None:
        client.force_login(officer)
        answer = client.get("/activity/download/")
        sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
        assert sheet.max_row == 4
        newest = Activity.objects.latest("pk")
        assert (newest.verb, newest.audit_id) == ("downloaded the activity", None)


def test_the_page_says_when_everything_was_checked(
    client: Client, partnership: Partnership, officer: User
) -> None:
    client.force_login(officer)
    assert b"Not checked yet" in client.get(URL).content
    activity.record("did it", by=officer, partnership=partnership)
    verifying.keep(verifying.verify())
    assert "The one entry is as it was written." in client.get(URL).content.decode()


def test_a_refused_page_is_named_by_its_route(
    client: Client, partnership: Partnership, officer: User
) -> None:
    client.force_login(person(Role.MEMBER, partnership, name="Mo"))
    client.get("/activity/")
    client.force_login(officer)
    (line,) = client.get(URL).context["lines"]
    assert (line.who, line.verb, line.subject) == ("Mo", "was refused", "page “activity list”")
