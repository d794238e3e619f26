"""The list of contributors that an agency keeps: typed, pasted, from a spreadsheet."""

import io
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from agencies.domain import contributors
from agencies.domain.contributors import Change, differences, take_over_list
from agencies.domain.refusal import RefusedError
from agencies.models import Activity, Agency, Contributor, User
from agencies.roles import Role
from tests.factories import AgencyFactory, ContributorFactory, person

pytestmark = pytest.mark.django_db


@dataclass
class Ground:
    agency: Agency
    lead: User
    auditor: User
    officer: User
    admin: User
    board: User
    other_lead: User


@pytest.fixture
def ground() -> Ground:
    agency = AgencyFactory(
        name="Fenshire Health",
        contributor_noun="GP practice",
        contributor_noun_plural="GP practices",
    )
    other = AgencyFactory(partnership=agency.partnership)
    return Ground(
        agency=agency,
        lead=person(Role.LEAD, agency),
        auditor=person(Role.AUDITOR, agency),
        officer=person(Role.OFFICER, agency.partnership),
        admin=person(Role.ADMIN, agency.partnership),
        board=person(Role.BOARD, agency.partnership),
        other_lead=person(Role.LEAD, other),
    )


def signed_in(user: User) -> Any:
    client = Client()
    client.force_login(user)
    return client


def url(ground: Ground, name: str = "contributor-create") -> str:
    return reverse(name, args=[ground.agency.pk])


def paste(ground: Ground, rows: str, do: str = "save", user: User | None = None) -> Any:
    client = signed_in(user or ground.lead)
    return client.post(url(ground), {"rows": rows, "do": do}, follow=True)


def workbook(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("practices.xlsx", file.getvalue())


def upload(ground: Ground, *rows: tuple[Any, ...]) -> Any:
    return signed_in(ground.lead).post(url(ground), {"sheet": workbook(*rows), "do": "upload"})


def listed() -> list[tuple[str, str, bool]]:
    return list(Contributor.objects.values_list("name", "email", "active"))


class TestWhoMay:
    @pytest.mark.parametrize(
        "name", ["contributor-list", "contributor-create", "contributor-sheet"]
    )
    def test_the_lead_and_whoever_manages_agencies(self, ground: Ground, name: str) -> None:
        for user in (ground.lead, ground.officer, ground.admin):
            assert signed_in(user).get(url(ground, name)).status_code == 200
        for user in (ground.auditor, ground.board, ground.other_lead):
            assert signed_in(user).get(url(ground, name)).status_code == 403
        stranger = person(Role.OFFICER, AgencyFactory().partnership)
        assert signed_in(stranger).get(url(ground, name)).status_code == 404

    def test_one_contributor_is_known_to_its_agency_alone(self, ground: Ground) -> None:
        one = ContributorFactory(agency=ground.agency)
        address = reverse("contributor-update", args=[one.pk])
        answers = {
            user: signed_in(user).get(address).status_code
            for user in (ground.lead, ground.officer, ground.auditor, ground.other_lead)
        }
        assert list(answers.values()) == [200, 200, 403, 404]

    def test_an_agency_that_gathers_from_nobody_has_no_list(self, ground: Ground) -> None:
        plain = AgencyFactory(partnership=ground.agency.partnership)
        address = reverse("contributor-create", args=[plain.pk])
        assert signed_in(ground.officer).get(address).status_code == 404


class TestPasting:
    def test_commas_semicolons_tabs_and_headings(self, ground: Ground) -> None:
        html = paste(
            ground,
            "Practice\tE-mail\nDrove End Surgery\n\n"
            "Market Place, Upper Fen, market@gp.fenshire.example\n"
            "Northbank\tnorthbank@gp.fenshire.example\nQuay; quay@gp.fenshire.example\n"
            "Sluice Road;\n",
        ).content.decode()

        assert "Added 5 GP practices." in html
        assert listed() == [
            ("Drove End Surgery", "", True),
            ("Market Place, Upper Fen", "market@gp.fenshire.example", True),
            ("Northbank", "northbank@gp.fenshire.example", True),
            ("Quay", "quay@gp.fenshire.example", True),
            ("Sluice Road", "", True),
        ]

    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            ("Good\nBad, x@", "Line 2: “x@” is not an e-mail address."),
            ("Bad\tnone", "Line 1: “none” is not an e-mail address."),
            ("n" * 201, "Line 1: give a name of at most 200 letters."),
            (
                "Twice, a@b.example\n\ntwice, c@d.example",
                "Line 3: “twice” stands at Line 1 too, with another address. Keep one of them.",
            ),
            ("", "Type or paste at least one name."),
            (" \n ", "No name stands there."),
            ("\nBad, x@", "Line 2: “x@” is not an e-mail address."),
            ("Name, E-mail", "No name stands there."),
        ],
    )
    def test_a_fault_is_named_by_its_line_and_nothing_is_saved(
        self, ground: Ground, rows: str, told: str
    ) -> None:
        page = paste(ground, rows)
        assert told in page.context["form"].errors["rows"]
        assert listed() == []

    def test_a_page_of_faults_stays_readable(self, ground: Ground) -> None:
        page = paste(ground, "\n".join(f"P{n}\tx" for n in range(60)))
        faults = page.context["form"].errors["rows"]
        assert (len(faults), faults[-1]) == (41, "And 20 more of this kind.")

    def test_a_list_that_nobody_has_is_refused_at_once(self, ground: Ground) -> None:
        page = paste(ground, "\n".join(f"Practice {n}" for n in range(2_001)))

        faults = page.context["form"].errors["rows"]
        assert faults == ["A list has 2,000 names at most; this one has 2,001."]
        assert listed() == []


class TestHowManyCanBeAsked:
    @pytest.fixture(autouse=True)
    def three_at_most(self, ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(contributors, "MOST", 3)
        ContributorFactory(agency=ground.agency, name="Mill Lane")
        ContributorFactory(agency=ground.agency, name="Quay", active=False)

    TOLD = (
        "3 can be asked at most, and with this there would be 4. Set those whom you ask no longer "
        "to “No longer asked” first."
    )

    @pytest.mark.parametrize("do", ["save", "look"])
    def test_more_are_refused_beside_the_box(self, ground: Ground, do: str) -> None:
        page = paste(ground, "Northbank\nSluice Road\nQuay", do=do)
        assert page.context["form"].errors["rows"] == [self.TOLD]
        assert len(listed()) == 2

    def test_or_beside_the_spreadsheet(self, ground: Ground) -> None:
        page = upload(ground, ("Northbank",), ("Sluice Road",), ("Drove End",))
        assert page.context["sheet"].errors["sheet"] == [self.TOLD]

    def test_those_who_are_there_already_are_no_more(self, ground: Ground) -> None:
        assert "Added 1" in paste(ground, "Mill Lane\nNorthbank\nQuay").content.decode()
        assert "Changed 1" in paste(ground, "Mill Lane, m@gp.example").content.decode()

    def test_whoever_was_not_asked_is_not_asked_again(self, ground: Ground) -> None:
        paste(ground, "Northbank\nSluice Road")
        gone = Contributor.objects.get(name="Quay")
        address = reverse("contributor-update", args=[gone.pk])
        client = signed_in(ground.lead)
        page = client.post(address, {"name": "Quay", "email": "", "active": "yes"})
        assert page.context["form"].errors["active"] == [self.TOLD]
        assert client.post(address, {"name": "Key", "email": "", "active": "no"}).status_code == 302

    def test_a_colleague_was_quicker(self, ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
        def refused(**_: Any) -> None:
            raise RefusedError(self.TOLD)

        monkeypatch.setattr(contributors, "take_over_list", refused)
        page = paste(ground, "Northbank")
        assert page.context["form"].errors["rows"] == [self.TOLD]

    def test_nothing_is_written_of_what_is_refused(self, ground: Ground) -> None:
        rows = [("Northbank", ""), ("Sluice Road", ""), ("Drove End", "")]
        with pytest.raises(RefusedError, match="3 can be asked"):
            take_over_list(agency=ground.agency, by=ground.lead, rows=iter(rows))
        assert len(listed()) == 2


class TestPreview:
    def test_it_says_what_changes_and_changes_nothing(self, ground: Ground) -> None:
        ContributorFactory(agency=ground.agency, name="Mill Lane", email="old@mill.example")
        ContributorFactory(agency=ground.agency, name="The Green", email="desk@green.example")
        ContributorFactory(agency=ground.agency, name="Quay", active=False)

        html = paste(
            ground,
            "MILL LANE, new@mill.example\nthe green\nQuay\nNorthbank",
            do="look",
        ).content.decode()

        assert "3 of 4 lines change something. Nothing is saved yet." in html
        assert "<del>old@mill.example</del> new@mill.example" in html
        assert "Take over 3 changes" in html
        assert Contributor.objects.count() == 3

    def test_what_it_shows_is_what_is_saved(self, ground: Ground) -> None:
        page = paste(ground, "Market Place, Upper Fen, m@gp.example\nQuay", do="look")
        paste(ground, page.context["text"])
        assert listed() == [("Market Place, Upper Fen", "m@gp.example", True), ("Quay", "", True)]

    def test_nothing_to_change_is_said(self, ground: Ground) -> None:
        ContributorFactory(agency=ground.agency, name="Quay")
        assert "Nothing: all 1 stand" in paste(ground, "Quay", do="look").content.decode()


class TestTakingOver:
    def test_differences(self, ground: Ground) -> None:
        mill = ContributorFactory(agency=ground.agency, name="Mill", email="a@b.example")
        gone = ContributorFactory(agency=ground.agency, name="Gone", active=False)
        rows = [("mill", "c@d.example"), ("GONE", ""), ("New", ""), ("new", "n@e.example")]

        found = differences(ground.agency, rows)

        assert [(each.name, each.email, each.change, each.row) for each in found] == [
            ("Mill", "c@d.example", Change.ADDRESS, mill),
            ("Gone", "", Change.ASKED_AGAIN, gone),
            ("new", "n@e.example", Change.ADDED, None),
        ]

    def test_whoever_is_not_on_the_new_list_stays(self, ground: Ground) -> None:
        ContributorFactory(agency=ground.agency, name="Mill", email="a@b.example")
        take_over_list(agency=ground.agency, by=ground.lead, rows=[("Quay", "")])
        assert [name for name, _, _ in listed()] == ["Mill", "Quay"]

    def test_each_change_is_recorded_without_words(self, ground: Ground) -> None:
        ContributorFactory(agency=ground.agency, name="Mill")
        take_over_list(
            agency=ground.agency, by=ground.lead, rows=[("Mill", "a@b.example"), ("Quay", "")]
        )
        verbs = Activity.objects.order_by("pk").values_list("verb", flat=True)
        assert list(verbs) == ["added a contributor", "changed a contributor"]

    def test_one_is_changed(self, ground: Ground) -> None:
        one = ContributorFactory(agency=ground.agency)
        taken = ContributorFactory(agency=ground.agency)
        address = reverse("contributor-update", args=[one.pk])
        client = signed_in(ground.lead)
        page = client.post(address, {"name": taken.name, "email": "", "active": "yes"})
        assert page.context["form"].errors["name"] == ["There is one of this name already."]
        client.post(address, {"name": "Sluice Road", "email": "s@r.example", "active": "no"})
        one.refresh_from_db()
        assert (one.name, one.email, one.active) == ("Sluice Road", "s@r.example", False)


class TestSpreadsheet:
    def test_it_is_shown_before_it_is_saved(self, ground: Ground) -> None:
        page = upload(
            ground,
            ("Name", "E-mail address"),
            ("Mill  Lane", "reception@mill.example"),
            (None, None),
            ("=not a formula here"[1:], None),
        )
        assert [(each.name, each.email) for each in page.context["rows"]] == [
            ("Mill Lane", "reception@mill.example"),
            ("not a formula here", ""),
        ]
        assert listed() == []

    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            ([("Mill", "a@b.example"), ("Quay", "none")], "B2: “none” is not an e-mail address."),
            ([("Name", "E-mail"), ("", "a@b.example")], "A2: give a name of at most 200 letters."),
            ([("=A2", "")], "A1: a formula stands here. Put its value there."),
            ([], "The first sheet is empty. Put the names into column A."),
            (
                [("Mill", "a@b.example"), ("Mill", "c@d.example")],
                "A2: “Mill” stands at A1 too, with another address. Keep one of them.",
            ),
        ],
    )
    def test_a_fault_is_named_by_its_cell_and_nothing_is_saved(
        self, ground: Ground, rows: list[tuple[Any, ...]], told: str
    ) -> None:
        page = upload(ground, *rows)
        assert told in page.context["sheet"].errors["sheet"]
        assert listed() == []

    def test_something_else_is_told_beside_its_field(self, ground: Ground) -> None:
        for name, content in (
            ("list.csv", b"Mill"),
            ("list.xlsx", b"no workbook"),
            ("l.xlsx", b""),
        ):
            file = SimpleUploadedFile(name, content)
            page = signed_in(ground.lead).post(url(ground), {"sheet": file, "do": "upload"})
            assert page.status_code == 200
            assert len(page.context["sheet"].errors["sheet"]) == 1
        page = signed_in(ground.lead).post(url(ground), {"do": "upload"})
        assert page.context["sheet"].errors["sheet"] == ["Choose a spreadsheet first."]

    def test_the_list_goes_out_and_comes_back(self, ground: Ground) -> None:
        ContributorFactory(agency=ground.agency, name="=1+1", email="a@b.example")
        ContributorFactory(agency=ground.agency, name="Quay", email="")
        client = signed_in(ground.lead)

        response = client.get(url(ground, "contributor-sheet"))

        sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
        assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
            ["Name", "E-mail address"],
            ["=1+1", "a@b.example"],
            ["Quay", None],
        ]
        assert sheet["A2"].data_type == "s"
        assert Activity.objects.get().verb == "downloaded the list of contributors"
        file = SimpleUploadedFile("list.xlsx", response.content)
        page = client.post(url(ground), {"sheet": file, "do": "upload"})
        assert [each.change for each in page.context["rows"]] == [Change.SAME, Change.SAME]


def test_forty_cost_as_many_queries_as_one(ground: Ground) -> None:
    counts = []
    client = signed_in(ground.lead)
    for number in (1, 39):
        ContributorFactory.create_batch(number, agency=ground.agency)
        with CaptureQueriesContext(connection) as captured:
            client.get(url(ground, "contributor-list"))
        counts.append(len(captured))
    assert counts == [5, 5]
