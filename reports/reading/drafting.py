"""What the documents page of an audit shows to those who draft and approve."""

from dataclasses import dataclass

from agencies.models import User
from audits.models import Audit
from reports.documents.checks import Gap, gaps_without_action, remarks
from reports.documents.default_prose import passage
from reports.documents.source import DocumentSource
from reports.domain.publishing import not_previewed
from reports.models import Document, Prose

DOCUMENT_OF = {
    Prose.Passage.BACKGROUND: Document.Kind.SUMMARY_REPORT,
    Prose.Passage.METHODOLOGY: Document.Kind.SUMMARY_REPORT,
    Prose.Passage.THANKS: Document.Kind.SUMMARY_REPORT,
    Prose.Passage.THEME_AND_CASES: Document.Kind.BRIEFING,
    Prose.Passage.PROCESS: Document.Kind.BRIEFING,
}


@dataclass(frozen=True)
class PassageLine:
    passage: Prose.Passage
    text: str
    edited: bool


@dataclass(frozen=True)
class DraftLine:
    """One of the two documents as it stands now."""

    kind: Document.Kind
    previewed: bool
    passages: list[PassageLine]


@dataclass(frozen=True)
class Drafting:
    drafts: list[DraftLine]
    gaps: list[Gap]
    remarks: list[str]

    @property
    def all_previewed(self) -> bool:
        return all(draft.previewed for draft in self.drafts)


def drafting(audit: Audit, user: User) -> Drafting:
    source = DocumentSource(audit)
    unseen = not_previewed(source, user)
    drafts = [
        DraftLine(
            kind=kind,
            previewed=kind not in unseen,
            passages=[
                PassageLine(name, passage(source, name), name in source.prose)
                for name, of_kind in DOCUMENT_OF.items()
                if of_kind == kind
            ],
        )
        for kind in Document.Kind
    ]
    return Drafting(drafts=drafts, gaps=gaps_without_action(source), remarks=remarks(source))
