"""What is wrong with a page as anybody's browser would read it."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# SVG elements that are often closed at once.
HEADINGS = {f"h{level}": level for level in range(1, 7)}
CONTROLS = {"input", "select", "textarea"}
# What is wrong stands above the page's own heading, as the design system has it.
SUMMARY = (2, "There is a problem")
NO_LABEL = {"hidden", "submit", "button", "reset", "image"}


@dataclass
class Control:
    place: str
    identifier: str
    named: bool
    in_label: bool


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Markup(HTMLParser):
    """Reads a whole page; `faults()` then says what is wrong with it."""

    source: str
    language: str = ""
    open: list[Element] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    identifiers: Counter[str] = field(default_factory=Counter)
    landmarks: Counter[str] = field(default_factory=Counter)
    labels: set[str] = field(default_factory=set)
    references: list[tuple[str, str]] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self._note(tag, attributes)
        if tag not in VOID:
            self.open.append(Element(tag, attributes))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, {name: value or "" for name, value in attrs})

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self.open):
            self.found.append(f"</{tag}> closes nothing")
            return
        while (element := self.open.pop()).tag != tag:
            if element.tag not in {"p", "li", "dt", "dd", "option", "tr", "td", "th"}:
                self.found.append(f"<{element.tag}> is not closed before </{tag}>")
        self._finish(element)

    def _finish(self, element: Element) -> None:
        words = " ".join(element.text.split())
        in_svg = any(each.tag == "svg" for each in self.open)
        if element.tag in HEADINGS:
            self.headings.append((HEADINGS[element.tag], words))
        elif element.tag == "title" and not in_svg:
            self.titles.append(words)
        elif element.tag in {"a", "button"} and not (
            words or element.attributes.get("aria-label") or element.attributes.get("title")
        ):
            self.found.append(f"<{element.tag}> without words: {element.attributes}")

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        place = f"<{tag} {' '.join(f'{name}={value!r}' for name, value in attributes.items())}>"
        self._note_attributes(tag, attributes, place)
        if tag == "html":
            self.language = attributes.get("lang", "")
        elif tag in {"main", "header", "footer"}:
            self.landmarks[tag] += 1
        elif tag == "label" and "for" in attributes:
            self.labels.add(attributes["for"])
            self.references.append((attributes["for"], place))
        elif tag == "img" and "alt" not in attributes:
            self.found.append(f"a picture without words in its place: {place}")
        elif tag == "style" or (tag == "script" and "src" not in attributes):
            self.found.append(f"inline {tag}")
        elif tag in CONTROLS and attributes.get("type") not in NO_LABEL:
            self.controls.append(
                Control(
                    place,
                    attributes.get("id", ""),
                    bool(attributes.get("aria-label") or attributes.get("aria-labelledby")),
                    any(element.tag == "label" for element in self.open),
                )
            )

    def _note_attributes(self, tag: str, attributes: dict[str, str], place: str) -> None:
        if "id" in attributes:
            self.identifiers[attributes["id"]] += 1
        for name, value in attributes.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                self.found.append(f"inline {name}: {place}")
            if name in {"aria-describedby", "aria-labelledby", "aria-controls"}:
                self.references += [(each, place) for each in value.split()]
        address = attributes.get("href", "")
        if address.startswith("#") and len(address) > 1 and tag == "a":
            self.references.append((address[1:], place))

    def faults(self) -> list[str]:
        return [*self.found, *self._faults_of_page(), *self._faults_of_parts()]

    def _faults_of_page(self) -> list[str]:
        faults = [] if self.language == "en-GB" else [f"its language is {self.language!r}"]
        if len(self.titles) != 1 or not self.titles[0]:
            faults.append(f"titles: {self.titles}")
        if self.landmarks["main"] != 1:
            faults.append(f"main landmarks: {self.landmarks['main']}")
        levels = [level for level, _ in self.headings]
        if levels.count(1) != 1:
            faults.append(f"headings of level 1: {levels.count(1)}")
        if SUMMARY in self.headings[1:]:
            faults.append("what is wrong stands below the heading")
        before = 1 if self.headings[:1] == [SUMMARY] else 0
        for level, words in self.headings:
            if level > before + 1:
                faults.append(f"level {before} is followed by level {level}: {words!r}")
            if not words:
                faults.append(f"an empty heading of level {level}")
            before = level
        return faults

    def _faults_of_parts(self) -> list[str]:
        faults = [f"id {name!r} stands twice" for name, n in self.identifiers.items() if n > 1]
        faults += [
            f"{name!r} is not on the page: {place}"
            for name, place in self.references
            if name not in self.identifiers
        ]
        faults += [
            f"no label: {control.place}"
            for control in self.controls
            if not (control.named or control.in_label or control.identifier in self.labels)
        ]
        return faults
