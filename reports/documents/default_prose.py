"""The passages of both documents as they stand until somebody edits them, filled from the audit."""

from collections.abc import Callable

from audits.models import Audit
from reports.documents.content import long_date
from reports.documents.source import DocumentSource
from reports.documents.withholding import fewer_than
from reports.models import Prose

P = Prose.Passage


def passage(source: DocumentSource, name: Prose.Passage) -> str:
    return source.prose.get(name) or DEFAULTS[name](source)


def _background(source: DocumentSource) -> str:
    audit = source.audit
    priority = audit.theme.priority.strip().rstrip(".")
    opening = (
        f"{audit.partnership.name} carries out a programme of multi-agency case audits, each on "
        "a theme that matters to its board."
    )
    theme = f"This audit looked at {_lower_first(audit.theme.name)}."
    if priority:
        theme += f" The theme comes from the board’s priority: {_lower_first(priority)}."
    return "\n\n".join(
        part for part in (opening, _who_asked(audit), theme, _what_was_looked_at(source)) if part
    )


def _who_asked(audit: Audit) -> str:
    if not audit.is_extraordinary or audit.asked_for_by is None:
        return ""
    when = f"In {audit.asked_for_on:%B %Y} " if audit.asked_for_on else ""
    verb = f"{audit.asked_for_by.name} asked for this extraordinary audit"
    reason = audit.asked_for_reason.strip()
    return f"{when}{verb}. {reason}".strip()


def _what_was_looked_at(source: DocumentSource) -> str:
    audit = source.audit
    number = len(source.cases)
    sample = f"{_cases_were(source).capitalize()} looked at"
    period = ""
    if audit.lookback_from and audit.lookback_to:
        period = (
            f", covering the period from {long_date(audit.lookback_from)} "
            f"to {long_date(audit.lookback_to)}"
        )
    return f"{sample}{period}." if number else ""


def _methodology(source: DocumentSource) -> str:
    sentences = [
        (
            "Each agency was asked to audit its own work on the cases it knew, using the same "
            f"questions, and to grade it. {_asked(source)}"
        ),
        (
            "Each also wrote a summative report: an overview of what it found, what is working "
            "well in the agency, what needs to improve, and the restorative actions it will "
            "take, with an owner and a date."
        ),
    ]
    if source.meeting and source.meeting.held_on:
        sentences.append(
            f"The agencies met on {long_date(source.meeting.held_on)} to discuss what they had "
            "found and to agree the findings below."
        )
    return "\n\n".join(sentences)


def _asked(source: DocumentSource) -> str:
    asked = len(source.agency_returns)
    if not asked:
        return ""
    return f"{asked} {'agency was' if asked == 1 else 'agencies were'} asked."


def _thanks(source: DocumentSource) -> str:
    names = _took_part(source)
    if not names:
        return ""
    return (
        f"{source.audit.partnership.name} thanks everybody who audited cases, wrote returns and "
        f"came to the meeting: {_listed(names)}. The time they gave is what the partnership "
        "learns from."
    )


def _took_part(source: DocumentSource) -> list[str]:
    """Agencies and bodies that sent a return or attended, by name."""
    names = {
        agency_return.agency.name
        for agency_return in source.agency_returns
        if agency_return.stage in ("signed_off", "nil")
    }
    attendance = source.meeting.attendance.all() if source.meeting else []
    for row in attendance:
        place = row.agency or row.body
        if row.state == "attended" and place is not None:
            names.add(place.name)
    return sorted(names)


def _theme_and_cases(source: DocumentSource) -> str:
    audit = source.audit
    priority = audit.theme.priority.strip().rstrip(".")
    because = f": {_lower_first(priority)}" if priority else ""
    lines = [
        (
            "- Themes come from the priorities of the board. "
            f"This one is {_lower_first(audit.theme.name)}{because}."
        )
    ]
    asked = _who_asked(audit)
    if asked:
        lines.append(f"- {asked}")
    lines.append(f"- {_how_chosen(source)}")
    return "\n".join(lines)


def _how_chosen(source: DocumentSource) -> str:
    drawn = sum(case.draw_id is not None for case in source.cases)
    number = len(source.cases)
    cases = _cases_were(source)
    if drawn and drawn == number:
        return f"{cases.capitalize()} drawn at random."
    if drawn:
        shown = source.rule.part(source.rule.whole(number), drawn, of=number)
        some = "some" if shown is None else str(shown)
        return f"{cases.capitalize()} selected, {some} of them drawn at random."
    return f"Members of the QA sub-group nominate cases; {cases} selected."


def _cases_were(source: DocumentSource) -> str:
    number = source.rule.whole(len(source.cases))
    if number is None:
        return f"{fewer_than(source)} cases were"
    return "1 case was" if number == 1 else f"{number} cases were"


def _process(source: DocumentSource) -> str:
    audited = (
        "The selected cases were circulated to the agencies, which audited their own past and "
        "present engagement with each family"
    )
    if not source.questions:
        return f"{audited}, and wrote a summative report."
    return f"{audited}, wrote a summative report and, where relevant, answered these questions:"


def _lower_first(text: str) -> str:
    """For the middle of a sentence; acronyms keep their capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _listed(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


DEFAULTS: dict[Prose.Passage, Callable[[DocumentSource], str]] = {
    P.BACKGROUND: _background,
    P.METHODOLOGY: _methodology,
    P.THANKS: _thanks,
    P.THEME_AND_CASES: _theme_and_cases,
    P.PROCESS: _process,
}
