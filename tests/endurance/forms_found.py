"""Every form that somebody can send, as it stands on the pages they see."""

from collections.abc import Container, Iterable, Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.contracts.access_table import BUTTONS, OPEN_TO_ALL, PAGES
from tests.contracts.walking import NO_STAGE, ROLES, Route, Walk, all_routes
from tests.endurance.nonsense import Field, Form

OPENS = {"+", ">"}
# Of an agency, and of the partnership; whoever is shown most comes first.
GROUPS = (
    ("lead", "auditor", "colleague", "excused", "unasked"),
    ("officer", "chair", "admin", "member", "board"),
)
# Signing out and the sessions' own buttons would end what the other rounds need.
LEFT_ALONE = {"account_logout", "partnership-choose"}


class _Reader(HTMLParser):
    """Forms with their fields, those tied by a `form` attribute included."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[dict[str, str]] = []
        self.fields: list[list[Field]] = []
        self.by_id: dict[str, int] = {}
        self.here: int | None = None
        self.select: tuple[str, list[str]] | None = None
        self.area: tuple[str, str] | None = None
        self.late: list[tuple[str, Field]] = []
        self.in_template = False
        """Where a script takes new rows from: nothing in it is sent."""
        self.feed(source)
        self.close()
        for owner, field in self.late:
            if owner in self.by_id:
                self.fields[self.by_id[owner]].append(field)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "template":
            self.in_template = True
        elif tag == "form":
            self.here = len(self.forms)
            self.by_id[at.get("id", "")] = self.here
            self.forms.append(at)
            self.fields.append([])
        elif tag in {"input", "button"}:
            self._add(at, Field(at.get("name", ""), at.get("type", tag), at.get("value", "")))
        elif tag == "textarea":
            self.area = (at.get("name", ""), at.get("form", ""))
        elif tag == "select":
            self.select = (at.get("name", ""), [])
        elif tag == "option" and self.select:
            self.select[1].append(at.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            name, owner = self.area
            self._add({"form": owner}, Field(name, "textarea", data.strip()))
            self.area = ("", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.in_template = False
        elif tag == "form":
            self.here = None
        elif tag == "textarea" and self.area:
            name, owner = self.area
            self._add({"form": owner}, Field(name, "textarea"))
            self.area = None
        elif tag == "select" and self.select:
            name, choices = self.select
            self._add({}, Field(name, "select", choices=tuple(choices)))
            self.select = None

    def _add(self, at: dict[str, str], field: Field) -> None:
        if self.in_template or not field.name or field.name == "csrfmiddlewaretoken":
            return
        if at.get("form"):
            self.late.append((at["form"], field))
        elif self.here is not None:
            self.fields[self.here].append(field)


def forms_on(source: str, address: str, role: str) -> Iterator[Form]:
    reader = _Reader(source)
    for form, fields in zip(reader.forms, reader.fields, strict=True):
        action = urldefrag(urljoin(address, form.get("action") or address)).url
        try:
            route = resolve(urlsplit(action).path).url_name or ""
        except Resolver404:
            route = ""
        if route in LEFT_ALONE:
            continue
        yield Form(
            route,
            action,
            form.get("method", "get").lower(),
            role,
            tuple(_grouped(fields)),
            form.get("enctype", "") == "multipart/form-data",
        )


def _grouped(fields: list[Field]) -> Iterator[Field]:
    """Radio buttons of a name are one field with choices, and so are buttons."""
    seen: dict[tuple[str, str], list[str]] = {}
    for each in fields:
        kind = {"radio": "radio", "button": "button", "submit": "button"}.get(each.kind)
        if kind:
            seen.setdefault((each.name, kind), []).append(each.value)
        else:
            yield each
    for (name, kind), choices in seen.items():
        yield Field(name, kind, choices=tuple(choices))


def all_forms(walk: Walk, only: Container[str] | None = None) -> list[Form]:
    """One of each, as the first of an agency and the first of the partnership see it.

    `only` names the routes whose pages are opened, for whoever has no time for all.
    """
    return forms_of(walk, pages_seen(walk, only), only)


def forms_of(
    walk: Walk, pages: Iterable[tuple[str, str, str]], only: Container[str] | None = None
) -> list[Form]:
    """The forms of pages that were opened already.

    A route that takes what is sent without a form on any page gets one without fields.
    """
    found: dict[tuple[str, ...], Form] = {}
    routes = [route for route in all_routes() if only is None or route.name in only]
    for role, address, source in pages:
        for form in forms_on(source, address, role):
            found.setdefault(form.signature, form)
    met = {form.route for form in found.values()}
    for form in _bare(walk, routes):
        if form.route not in met:
            found.setdefault(form.signature, form)
    return sorted(found.values(), key=lambda form: form.signature)


def pages_seen(walk: Walk, only: Container[str] | None = None) -> Iterator[tuple[str, str, str]]:
    """Role, address and source of each page, as the first of each group that opens it sees it."""
    for route in all_routes():
        if only is not None and route.name not in only:
            continue
        if route.name in OPEN_TO_ALL:
            address = walk.address(route, NO_STAGE)
            if address is not None:
                page = walk.open("GET", address, "anonymous")
                if page.is_html:
                    yield "anonymous", address, page.text
        for stage, line in PAGES.get(route.name, {}).items():
            marks = dict(zip(ROLES, line.replace(" ", ""), strict=True))
            for group in GROUPS:
                role = next((role for role in group if marks[role] in OPENS), None)
                address = walk.address(route, stage)
                if role is not None and address is not None:
                    page = walk.get(route, stage, role)
                    if page.is_html:
                        yield role, address, page.text


def _bare(walk: Walk, routes: list[Route]) -> Iterator[Form]:
    for route in routes:
        for stage, line in BUTTONS.get(route.name, {}).items():
            marks = zip(ROLES, line.replace(" ", ""), strict=True)
            role = next((role for role, mark in marks if mark in OPENS), None)
            address = walk.address(route, stage)
            if role and address and route.name not in LEFT_ALONE:
                yield Form(route.name, address, "post", role, ())
