"""The JSON Schema of the format, and its faults in plain words."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema import ValidationError as SchemaFault

from reports.files.faults import Fault, Path, fault
from reports.files.moments import is_day, is_moment

FILE = FilePath(__file__).with_name("audit.schema.json")
FORMATS = {
    "date": "a day, such as 2026-05-14",
    "moment": "a moment, such as 2026-05-14T09:30:00Z, or a day",
    "uuid": "an id of 32 hexadecimal digits with hyphens",
    "email": "an e-mail address",
}
TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}
SENTENCES = {
    "const": "This should be “{wanted}”.",
    "enum": "“{given}” is not one of: {wanted}.",
    "pattern": "“{given}” may hold letters, digits, hyphens and underscores only.",
    "maxLength": "This is longer than {wanted} characters.",
    "minimum": "{given} is less than {wanted}.",
    "maximum": "{given} is more than {wanted}.",
}


def faults(data: Any) -> list[Fault]:
    return [found for error in validator().iter_errors(data) for found in _explained(error)]


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(FILE.read_text()), format_checker=_formats())


def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    checks = {"date": is_day, "moment": is_moment, "uuid": _is_uuid, "email": _is_email}
    for name, check in checks.items():
        checker.checks(name)(lambda value, check=check: not isinstance(value, str) or check(value))
    return checker


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _explained(error: SchemaFault) -> Iterator[Fault]:
    path: Path = tuple(error.absolute_path)
    if error.validator == "required":
        # jsonschema reports each missing key on its own, and names it in its message alone.
        name = re.match(r"'(.*)' is a required property", error.message)
        yield fault(path, f"“{name[1] if name else '?'}” is missing.")
    elif error.validator == "additionalProperties" and isinstance(error.schema, dict):
        known = error.schema.get("properties", {})
        for name in error.instance:
            if name not in known:
                yield fault((*path, name), f"There is no such key here. {_choices(known)}")
    else:
        yield fault(path, _words(error))


def _choices(known: Any) -> str:
    return f"Known are: {', '.join(sorted(known))}."


def _words(error: SchemaFault) -> str:
    wanted, given = error.validator_value, error.instance
    match error.validator:
        case "type":
            kinds = wanted if isinstance(wanted, list) else [wanted]
            return f"This should be {' or '.join(TYPES[kind] for kind in kinds)}."
        case "format":
            return f"“{given}” is not {FORMATS[wanted]}."
        case "pattern" if wanted == r"\S":
            return "This must not be empty."
        case "oneOf":
            return str(error.schema["description"])
    template = SENTENCES.get(str(error.validator))
    wanted = ", ".join(wanted) if isinstance(wanted, list) else wanted
    return template.format(given=given, wanted=wanted) if template else str(error.message)
