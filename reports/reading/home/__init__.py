"""Home: what waits for a person, by when. Roles add up inside the partnership chosen."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.humanize.templatetags.humanize import apnumber

from agencies.models import Partnership, User
from agencies.roles import Permission
from audits.models import Audit, Nomination
from reports.models import Document
from reports.reading.home import agency, chair, concerns, manager, member, officer
from reports.reading.home.manager import People
from reports.reading.home.officer import Work
from reports.reading.home.tasks import Group, Task, Urgency, grouped

DOCUMENTS = 6


@dataclass(frozen=True)
class HomePage:
    groups: list[Group] = field(default_factory=list)
    with_the_chair: list[Audit] = field(default_factory=list)
    under_way: list[Work] = field(default_factory=list)
    nominations: list[Nomination] = field(default_factory=list)
    meetings: list[Audit] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    people: People | None = None
    reads_only: bool = False
    """A board member: nothing ever waits for them, documents are what they come for."""

    @property
    def number(self) -> int:
        return sum(len(group.tasks) for group in self.groups)

    @property
    def title(self) -> str:
        if self.reads_only:
            return "Newest documents"
        if not self.number:
            return "Nothing waits for you"
        words = str(apnumber(self.number)).capitalize()
        return f"{words} {'thing waits' if self.number == 1 else 'things wait'} for you"

    @property
    def late(self) -> str:
        number = sum(task.urgency == Urgency.LATE for group in self.groups for task in group.tasks)
        return f"{str(apnumber(number)).capitalize()} late" if number else ""

    @property
    def has_side(self) -> bool:
        return any((self.with_the_chair, self.nominations, self.meetings, self.documents))


def home_page(user: User, partnership: Partnership) -> HomePage:
    may = _Asked(user, partnership)
    works = officer.works(user, partnership) if may.see_states else []
    return HomePage(
        groups=grouped(_tasks(may, works)),
        with_the_chair=[] if may.publish else officer.with_the_chair(works),
        under_way=works,
        nominations=member.nominations(user, partnership) if may.nominate else [],
        meetings=member.meetings(user, partnership) if may.see_audits else [],
        documents=_documents(user, partnership) if may.read else [],
        people=manager.people(user, partnership) if may.only_manage_people else None,
        reads_only=may.only_read,
    )


def _tasks(may: "_Asked", works: list[Work]) -> Iterator[Task]:
    user, partnership = may.user, may.partnership
    if may.answer_concerns:
        yield from concerns.tasks(user, partnership)
    if may.answer:
        yield from agency.tasks(user, partnership)
    if may.run:
        yield from officer.time_asked(user, partnership)
        yield from officer.tasks(works)
    if may.publish:
        yield from chair.approvals(works)
        if not may.run:
            yield from chair.steering(works)
    if may.nominate and not may.run:
        yield from member.tasks(user, partnership)
    if may.manage_people:
        yield from manager.tasks(user, partnership)


def _documents(user: User, partnership: Partnership) -> list[Document]:
    return list(Document.objects.visible_to(user).library(partnership)[:DOCUMENTS])


class _Asked:
    """What the person's roles in this partnership allow, asked once."""

    def __init__(self, user: User, partnership: Partnership) -> None:
        self.user, self.partnership = user, partnership
        self.see_audits = user.may_anywhere_in(Permission.SEE_AUDITS, partnership)
        self.see_states = user.may(Permission.SEE_STATES, partnership)
        self.answer = user.may_anywhere_in(Permission.ANSWER_RETURN, partnership)
        self.run = user.may(Permission.RUN_AUDIT, partnership)
        self.answer_concerns = self.run or user.may_anywhere_in(Permission.LEAD_RETURN, partnership)
        self.publish = user.may(Permission.PUBLISH, partnership)
        self.nominate = user.may_anywhere_in(Permission.NOMINATE, partnership)
        self.read = user.may_anywhere_in(Permission.READ_PUBLISHED, partnership)
        self.manage_people = user.may(Permission.MANAGE_PEOPLE, partnership)
        self.only_manage_people = self.manage_people and not self.see_audits
        self.only_read = self.read and not self.see_audits and not self.manage_people
