"""Nonsense to type, choose, repeat and leave out; the same again from the same seed."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes
from uuid import UUID

Pairs = list[tuple[str, str]]

WORDS = [
    "",
    " ",
    "\t\r\n",
    "a",
    "\x00",
    "before\x00after",
    "\ud800 alone",
    "\ufffe\uffff",
    "\u202eright to left\u202d",
    "e\u0301" * 400,
    "😀" * 300,
    "\x0b\x0c\x1b[31m",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}{% debug %}",
    "{figure:",
    "{figure:nothing} {0} {} %s %(x)d",
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "=1+1",
    "@SUM(A1)",
    "\r\nBcc: everybody@fenshire.example",
    "line\r\n" * 600,
    "long " * 3000,
    "x" * 100_000,
]
NUMBERS = [
    "-1",
    "0",
    "-0",
    "1e400",
    "NaN",
    "Infinity",
    "-inf",
    "0x10",
    "1_000",
    "٣",
    "１２",
    "½",
    "3,5",
    "2147483648",
    "9223372036854775808",
    "1" * 400,
    "0." + "1" * 300,
]
DAYS = [
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "31/31/2026",
    "1/1/1",
    "2026-13-45T25:61",
    "tomorrow",
    "2026-W07-3",
    "٢٠٢٦-٠١-٠١",
]
IDS = [
    "00000000-0000-0000-0000-000000000000",
    "{8c5d8b1e-0d5b-4d53-9a59-3c9f3e1f9b11}",
    "urn:uuid:8c5d8b1e-0d5b-4d53-9a59-3c9f3e1f9b11",
    "8c5d8b1e0d5b4d539a593c9f3e1f9b11",
    "z" * 36,
    "None",
    "undefined",
    "__all__",
]
ADDRESSES = [
    "a@b",
    "a@" + "b" * 300,
    '"@"@fenshire.example',
    "a\n@fenshire.example",
    "@",
    "a@[::1]",
]
OBJECTS = [
    "[",
    "{}",
    "null",
    "[]",
    '"words"',
    "1e999",
    "NaN",
    "[" * 60_000,
    '{"a":' * 20_000,
    '{"known": [1e999, "a"]}',
    '{"known": [1, "a", 2]}',
    '{"known": null}',
    '{"known": ["one", "two"]}',
    '{"known": [' + "9" * 5000 + ', "a"]}',
    '{"\\ud800": [0, "\\u0000"]}',
    '{"point:x": [0, ""], "entry:": [0, ""]}',
]
FORMSETS = ["", "-1", "0", "1", "1001", "99999999999", "x", "\x00", "1.5"]
BODIES = [
    b"",
    b"%",
    b"%00=%00",
    b"a=%FF%FE&b=%ED%A0%80",
    b"&&&===&&",
    "é=ü".encode("utf-16"),
    b"csrfmiddlewaretoken=x&" + b"a=1&" * 1200,
    b"{",
    b"\xff" * 200,
]
TYPES = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=no-such-charset",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/json",
    "text/plain",
    "",
]


@dataclass(frozen=True)
class Field:
    name: str
    kind: str
    value: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """A form as it stood on a page for somebody."""

    route: str
    action: str
    method: str
    role: str
    fields: tuple[Field, ...]
    multipart: bool = False

    @property
    def signature(self) -> tuple[str, ...]:
        """What makes it another form than one met before: ids in names make no difference."""
        names = {
            "".join("#" if each in "0123456789" else each for each in f.name) for f in self.fields
        }
        return (self.route, self.method, *sorted({name[:12] for name in names}))


@dataclass
class Sent:
    """What goes to the server: pairs, or a body as it is; and what ought not to be lost."""

    pairs: Pairs = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = TYPES[0]
    typed: str = ""

    def encoded(self) -> bytes:
        if self.body is not None:
            return self.body
        return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in self.pairs).encode()


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


class Nonsense:
    def __init__(self, seed: str, ids: Sequence[UUID], files: Callable[[Any], bytes]) -> None:
        self.random = random.Random(seed)
        self.ids = [str(each) for each in ids]
        """Real ones, of other partnerships and of this one."""
        self.files = files

    def sent(self, form: Form) -> Sent:
        """The form filled in as it came, and then spoilt in one to five places."""
        if self.random.random() < 0.04:
            return Sent(body=self.random.choice(BODIES), content_type=self.random.choice(TYPES))
        pairs = [(each.name, self._usual(each)) for each in form.fields if each.kind != "file"]
        sent = Sent([pair for pair in pairs if pair[1] is not None])  # type: ignore[misc]
        for each in form.fields:
            if each.kind == "file" and self.random.random() < 0.9:
                sent.files[each.name] = self.files(self.random)
        for _ in range(self.random.choice((1, 1, 1, 2, 3, 5))):
            self._spoil(form, sent)
        self._type_something(form, sent)
        return sent

    def _usual(self, each: Field) -> str | None:
        """What an ordinary person might send; None for a box that is not ticked."""
        if each.choices:
            return self.random.choice(each.choices)
        if each.kind == "checkbox":
            return self.random.choice((each.value or "on", None))
        if each.value or each.kind == "hidden":
            return each.value
        return self.random.choice(("", "Words.", "4", "2026-03-02", "someone@fenshire.example"))

    def value(self, name: str = "") -> str:
        kinds: list[Sequence[str]] = [WORDS, NUMBERS, DAYS, IDS, ADDRESSES, self.ids or IDS]
        if name == "basis":
            return self.random.choice([*OBJECTS, *WORDS])
        if name.endswith("_FORMS"):
            return self.random.choice(FORMSETS)
        return self.random.choice(self.random.choice(kinds))

    def _spoil(self, form: Form, sent: Sent) -> None:
        ways: Mapping[str, Callable[[], None]] = {
            "replace": lambda: self._replace(sent),
            "drop": lambda: self._drop(sent),
            "repeat": lambda: self._repeat(sent),
            "swap": lambda: self._swap(sent),
            "more": lambda: sent.pairs.append((self._strange_name(form), self.value())),
            "all": lambda: self._replace_all(sent),
        }
        chosen = self.random.choices(list(ways), weights=(10, 3, 3, 2, 2, 1))[0]
        ways[chosen]()

    def _replace(self, sent: Sent) -> None:
        if sent.pairs:
            at = self.random.randrange(len(sent.pairs))
            name = sent.pairs[at][0]
            sent.pairs[at] = (name, self.value(name))

    def _replace_all(self, sent: Sent) -> None:
        sent.pairs = [(name, self.value(name)) for name, _ in sent.pairs]

    def _drop(self, sent: Sent) -> None:
        if sent.pairs:
            gone = self.random.choice(sent.pairs)[0]
            sent.pairs = [pair for pair in sent.pairs if pair[0] != gone]

    def _repeat(self, sent: Sent) -> None:
        if sent.pairs:
            name = self.random.choice(sent.pairs)[0]
            sent.pairs += [(name, self.value(name)) for _ in range(self.random.choice((1, 2, 40)))]

    def _swap(self, sent: Sent) -> None:
        if len(sent.pairs) > 1:
            (one, a), (two, b) = self.random.sample(sent.pairs, 2)
            sent.pairs = [(name, {one: b, two: a}.get(name, value)) for name, value in sent.pairs]

    def _strange_name(self, form: Form) -> str:
        names = [each.name for each in form.fields] or ["x"]
        name = self.random.choice(names)
        return self.random.choice(
            (
                f"{name}-0",
                f"form-999-{name}",
                "",
                "\x00",
                "pk",
                "id",
                "do",
                "take",
                "remove",
                "__proto__",
            )
        )

    def _type_something(self, form: Form, sent: Sent) -> None:
        """One text area gets words that an error must not lose."""
        areas = [each.name for each in form.fields if each.kind == "textarea"]
        there = [name for name, _ in sent.pairs]
        once = [name for name in areas if there.count(name) == 1]
        if once and self.random.random() < 0.5:
            name = self.random.choice(once)
            sent.typed = f"Kept{self.random.randrange(10**9)}"
            sent.pairs = [(n, sent.typed if n == name else v) for n, v in sent.pairs]
