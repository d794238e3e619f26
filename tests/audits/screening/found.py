"""What a rule finds in a text, as tests of rules put it."""

from audits.screening import screen


def found(text: str, rule: str) -> list[str]:
    return [hit.text for hit in screen(text) if hit.rule == rule]
