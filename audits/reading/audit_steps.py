"""What follows from each change of an audit's stage, told before it is taken."""

from audits.models import Audit

CONSEQUENCES: dict[str, list[str]] = {
    "ask-for-nominations": [
        "The audit appears in the lists of everybody who may see it.",
        "Members of the sub-group and agency leads can propose cases.",
    ],
    "circulate": [
        "Every agency asked gets a case return to fill in for every case in the sample.",
        "The toolkit is frozen: a change to it makes a new version for later audits.",
        "The grade scale can no longer be changed.",
        "The people who answer for each agency are told by e-mail, without any case content.",
    ],
    "go-to-meeting": [
        "Agencies can no longer hand in returns unless you reopen one.",
        "Agencies that have handed in can read each other’s answers and points.",
    ],
    "start-drafting": [
        "What the meeting agreed becomes the ground of the findings and of both documents.",
    ],
    "ask-for-approval": [
        "The chair sees on their home page that the documents wait for approval.",
    ],
    "send-back-draft": [
        "The officer sees your comments and can ask for approval again.",
    ],
    "close": [
        "The audit leaves the lists of open work. Its documents stay where they are.",
    ],
    "back-to-planned": [
        "Nobody can propose cases until you ask for nominations again.",
        "Cases and nominations stay as they are.",
    ],
    "back-to-nominating": [
        "Agencies cannot work on their returns until you circulate again.",
        "What they have written is kept.",
    ],
    "back-to-collecting": [
        "Agencies can hand in returns again, and no longer read each other’s.",
        "What the meeting wrote is kept.",
    ],
    "back-to-meeting": [
        "The meeting's pages can be changed again. Findings and prose are kept.",
    ],
    "back-to-drafting": [
        "The published versions stay readable. The next publication makes a new version.",
    ],
    "back-to-published": [
        "The audit returns to the lists of open work.",
    ],
}


def consequences(audit: Audit, name: str) -> list[str]:
    lines = list(CONSEQUENCES.get(name, []))
    cases, agencies = audit.cases.in_sample().count(), audit.agency_returns.count()
    if name == "circulate" and cases and agencies:
        lines[0] = (
            f"{_plural(agencies, 'agency gets', 'agencies get')} a case return to fill in "
            f"for each of {_plural(cases, 'case', 'cases')}."
        )
        lines += _told_by_nobody(audit)
    return lines


def _told_by_nobody(audit: Audit) -> list[str]:
    asked = audit.agencies_asked.without_people().order_by("name")
    names = [agency.short_name for agency in asked]
    if not names:
        return []
    line = f"Nobody answers yet for {', '.join(names)}, so nobody there is told"
    return [f"{line}: invite somebody on the People page."]


def _plural(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
