"""Nonsense into every form, and spoilt workbooks: no server error, and each answered in words.

A form is taken from the page on which somebody sees it, filled in as it came, and spoilt: too
long, too large, not text at all, ids of others, fields left out or said forty times, broken
encodings. An answer that shows errors must show them in the summary, with links that lead to
something on the page, and beside the fields; it must have written nothing; and it must still hold
what was typed.
"""

import os
import re
from collections import Counter
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from audits.models import AgencyReturn, CaseReturn
from reports.reading.workbook import case_returns_of, content_of
from reports.spreadsheets.writing import workbook_of
from tests.contracts.walking import Walk, writes
from tests.endurance import Figures
from tests.endurance.forms_found import all_forms, forms_on
from tests.endurance.lasting import lasting_walk
from tests.endurance.nonsense import Form, Nonsense, Sent
from tests.endurance.spoilt_workbooks import Spoiler
from tests.support.undone import undone

SMALL, LONG = 2, 1000

SUMMARY = re.compile(r'class="[^"]*maca-error-summary.*?</ul>', re.DOTALL)
TARGET = re.compile(r'href="#([^"]+)"')
TOLD = ("maca-conflict", "maca-message", 'role="alert"', "maca-form-errors")
# What is sent there is looked at once more before it is written, or is a step of its own.
PREVIEWS = {
    "contribution-finish",
    "contributor-create",
    "document-preview",
    "identity-reveal",
    "workbook-detail",
}
TOO_MANY_FIELDS, TOO_LONG = 1000, 2_500_000


def run(rounds: int) -> Figures:
    with lasting_walk() as walk:
        return Trial(walk).figures(rounds)


class Trial:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        told = walk.scenario.told
        self.workbook = self._workbook()
        self.spoiler = Spoiler(self.workbook)
        ids = [
            value
            for each in (told["meeting"], told["collecting"], told["foreign"])
            for value in each.parts.values()
            if not isinstance(value, list)
        ]
        self.ids = [*ids, *(v for v in walk.scenario.shared.values() if hasattr(v, "hex"))]
        self.result = Figures(
            "bad_input",
            bad=(
                "server errors",
                "errors without a summary",
                "links of a summary that lead nowhere",
                "written beside an error",
                "typed words lost",
                "refused without words",
            ),
        )
        self.worst: Counter[str] = Counter()
        self.by_route: Counter[str] = Counter()
        # For whoever mends a form: where to write what went wrong, and this form alone.
        self.report = os.environ.get("ENDURE_REPORT", "")
        self.only = os.environ.get("ENDURE_ONLY", "")

    def _workbook(self) -> bytes:
        row = AgencyReturn.objects.select_related("audit__partnership", "agency").get(
            pk=self._told("return_id")
        )
        rows = case_returns_of(row).filter(pk=self._told("case_return_id"))
        return workbook_of(content_of(row, rows))

    def figures(self, rounds: int) -> Figures:
        forms = [*all_forms(self.walk), self._confirmation()]
        forms = [form for form in forms if self.only in ("", form.route)]
        self.result.add("forms", len(forms))
        for form in forms:
            nonsense = Nonsense(f"{form.signature}", self.ids, self.spoiler.spoilt)
            for _ in range(rounds):
                self._try(form, nonsense.sent(form))
        upload = self._upload()
        chance = Nonsense("workbooks", self.ids, self.spoiler.spoilt).random
        for _ in range(rounds):
            self.result.add("spoilt workbooks")
            self._try(upload, Sent(files={"workbook": self.spoiler.spoilt(chance)}))
        self._tell()
        return self.result

    def _told(self, name: str) -> Any:
        return self.walk.scenario.told["collecting"].parts[name]

    def _confirmation(self) -> Form:
        """The page that shows what a good workbook changes, which no link leads to."""
        upload = self._upload()
        old = CaseReturn.objects.get(pk=self._told("case_return_id")).engagement_past
        with undone():
            good = self.spoiler.with_words(old, "Written offline.")
            page = self._send(upload, Sent(files={"workbook": good}))
        found = forms_on(page.content.decode(), upload.action, "auditor")
        return next(form for form in found if form.route == "workbook-take-over")

    def _upload(self) -> Form:
        address = reverse("workbook-detail", args=[self._told("return_id")])
        return Form("workbook-detail", address, "post", "auditor", (), multipart=True)

    def _try(self, form: Form, sent: Sent) -> None:
        self.result.add("requests")
        with undone(), writes() as written:
            answer = self._send(form, sent)
        self.walk.clients[form.role].cookies.pop("messages", None)
        verdict = self._judge(form, sent, answer, written)
        self.result.add(verdict)
        self.by_route[f"{verdict}: {form.route}"] += 1
        if verdict in self.result.bad:
            self._note(verdict, form, sent, answer, written)

    def _send(self, form: Form, sent: Sent) -> Any:
        cache.clear()
        client = self.walk.clients[form.role]
        if form.method != "post":
            return client.get(f"{form.action.split('?')[0]}?{sent.encoded().decode('latin-1')}")
        if sent.body is None and (form.multipart or sent.files):
            body, kind = multipart(sent)
        else:
            body, kind = sent.encoded(), sent.content_type
        return client.generic("POST", form.action, body, content_type=kind)

    def _judge(self, form: Form, sent: Sent, answer: Any, written: list[str]) -> str:
        if answer.status_code >= 500:
            return "server errors"
        if form.method != "post":
            return "filters answered"
        if answer.status_code == 400:
            too_much = len(sent.pairs) > TOO_MANY_FIELDS or len(sent.encoded()) > TOO_LONG
            broken = sent.body is not None or too_much
            return "broken requests refused" if broken else "refused without words"
        if answer.status_code != 200:
            return "led elsewhere" if answer.status_code < 400 else "not theirs to send"
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            return "answered in data"
        return self._judge_page(form, sent, answer.content.decode(), written)

    def _judge_page(self, form: Form, sent: Sent, page: str, written: list[str]) -> str:
        if "govuk-error-message" not in page and not SUMMARY.search(page):
            if any(sign in page for sign in TOLD):
                return "told in another way"
            shown = form.route in PREVIEWS or sent.body is not None or pressed_nothing(form, sent)
            return "answered with a page" if shown else "refused without words"
        summary = SUMMARY.search(page)
        if summary is None:
            return "errors without a summary"
        if any(f'id="{target}"' not in page for target in TARGET.findall(summary.group())):
            return "links of a summary that lead nowhere"
        if written:
            return "written beside an error"
        if sent.typed and sent.typed not in page and counts(sent) == counts(form):
            return "typed words lost"
        return "errors told beside their fields"

    def _tell(self) -> None:
        """How often each form was answered in which way, if a report is asked for."""
        if self.report:
            with open(self.report, "a", encoding="utf-8") as out:  # noqa: PTH123
                for kind, number in sorted(self.by_route.items()):
                    print(f"{number:6} {kind}", file=out)

    def _note(self, verdict: str, form: Form, sent: Sent, answer: Any, written: list[str]) -> None:
        """The first few of a kind in full, for whoever has to mend it."""
        kind = f"{verdict}: {form.route} ({form.role})"
        self.worst[kind] += 1
        if not self.report or self.worst[kind] > 3:
            return
        trouble = getattr(answer, "exc_info", None)
        with open(self.report, "a", encoding="utf-8", errors="replace") as out:  # noqa: PTH123
            print(f"{kind} {form.action} {trouble!r}", file=out)
            lost = [name for name, value in sent.pairs if sent.typed and value == sent.typed]
            print(f"  {lost} {str(sent)[:2500]!r}\n  {written[:3]}", file=out)


def counts(of: Form | Sent) -> set[tuple[str, str]]:
    """How many rows its sets of forms say they have: without that, no row can be shown again."""
    pairs = of.pairs if isinstance(of, Sent) else [(each.name, each.value) for each in of.fields]
    return {(name, value) for name, value in pairs if name.endswith("_FORMS")}


def pressed_nothing(form: Form, sent: Sent) -> bool:
    """Whether it came without any button of the form, which a browser would not do."""
    buttons = {each.name: each.choices for each in form.fields if each.kind == "button"}
    pressed = [value in buttons[name] for name, value in sent.pairs if name in buttons]
    return not sent.pairs or (bool(buttons) and not (pressed and pressed[-1]))


def multipart(sent: Sent) -> tuple[bytes, str]:
    parts = [
        b'--maca\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (_plain(name), value.encode("utf-8", "surrogatepass"))
        for name, value in sent.pairs
    ]
    parts += [
        b'--maca\r\nContent-Disposition: form-data; name="%s"; filename="cases.xlsx"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n%s\r\n" % (_plain(name), data)
        for name, data in sent.files.items()
    ]
    return b"".join(parts) + b"--maca--\r\n", "multipart/form-data; boundary=maca"


def _plain(name: str) -> bytes:
    return re.sub(r'["\r\n\x00]', "", name).encode("utf-8", "surrogatepass")


@pytest.mark.django_db
def test_nonsense_is_answered_in_words() -> None:
    figures = run(SMALL)
    assert figures.held, figures
