"""Who may read which words: the privacy rules, said once more and by themselves.

What is written here comes from the rules and from what tests/scenario.py has set up, never from
what the code asks: neither permissions nor querysets stand in it. A canary names the stage of its
audit, the kind of words it stands in, and whose they are.
"""

from audits.models import ReturnStage, Stage
from tests.contracts.walking import ROLES
from tests.scenario import ASKED, RETURN_STAGES

PEOPLE_OF = {"own": {"auditor", "lead"}, "colleague": {"colleague"}, "excused": {"excused"}}
EVERYBODY_ASKED = {"auditor", "lead", "colleague", "excused"}
FROM_MEETING = {Stage.MEETING, Stage.DRAFTING, Stage.PUBLISHED}
IS_IN = {ReturnStage.SIGNED_OFF, ReturnStage.NIL, ReturnStage.DECLINED}

# What is published is read by everybody with a part in the partnership but its administrator.
LIBRARY = {"document-detail", "document-pdf"}
READERS_OF_DOCUMENTS = set(ROLES) - {"admin", "foreign", "leaver"}

# What those who run an audit, or look after people, say among themselves.
OF_THE_OFFICE = {
    ("account", "officer"): {"officer", "admin"},
    ("decided", "officer"): {"officer", "chair"},
    ("held", "officer"): {"officer"},
    ("looked", "officer"): {"officer"},
    ("status", "officer"): {"officer", "chair"},
}

# What an agency says between itself and the officer; a contributor's words are its agency's.
BETWEEN_TWO = {"concern", "draft", "asked", "contributed", "decided"}


def is_in(stage: str, whose: str) -> bool:
    """Whether this agency's return is signed off, nil or declined by that stage."""
    return RETURN_STAGES[Stage(stage)][ASKED.index(whose)] in IS_IN


def handed_in(stage: str) -> set[str]:
    """The people of agencies whose return is signed off, nil or declined by that stage."""
    stages = zip(ASKED, RETURN_STAGES[Stage(stage)], strict=True)
    return {role for whose, now in stages if now in IS_IN for role in PEOPLE_OF[whose]}


def readers(stage: str, kind: str, whose: str) -> set[str]:
    """The roles that may read these words."""
    if kind == "identity":
        return set()
    if stage == "foreign":
        return {"foreign"}
    if (kind, whose) in OF_THE_OFFICE:
        return OF_THE_OFFICE[kind, whose]
    if kind == "nominated":
        return {"officer", whose}
    if kind == "withdrawn":
        begun = Stage(stage) not in {Stage.PLANNED, Stage.NOMINATING}
        return {"officer", "chair", "member"} | (EVERYBODY_ASKED if begun else set())
    own = PEOPLE_OF.get("own" if kind == "contributed" else whose, set()) | {"officer"}
    if kind in BETWEEN_TWO or Stage(stage) not in FROM_MEETING:
        return own
    if kind in {"agreed", "action"}:  # its author and its owner know of it in any case
        return own | {"chair", "member"} | handed_in(stage)
    # What an agency has not handed in, excused or reopened though it is, stays its own.
    return own | {"chair"} | (handed_in(stage) if is_in(stage, whose) else set())


def may_read(role: str, words: tuple[str, str, str], route: str) -> bool:
    """Whether this role may find this canary on the pages of this route."""
    return role in readers(*words) or (
        route in LIBRARY and words[0] != "foreign" and role in READERS_OF_DOCUMENTS
    )
