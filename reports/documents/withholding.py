"""What a document for the public says in words about the numbers it does not print."""

from reports.documents.source import DocumentSource


def withheld_note(source: DocumentSource) -> str:
    if not source.rule.withholds:
        return ""
    child = source.audit.partnership.subject_noun
    return (
        f"Small numbers are withheld. Counts of fewer than {source.rule.below} that could point to "
        f"a {child}, and counts from which one could be worked out, are not printed: a table says "
        "[c] for them, a sentence [withheld]. A 0 is printed. A sentence that says such a count in "
        "words, as “every” or “none” do, is withheld with it. What is told of single cases is left "
        "out."
    )


def fewer_than(source: DocumentSource) -> str:
    return f"fewer than {source.rule.below}"
