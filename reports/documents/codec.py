"""Frozen dataclasses to JSON and back, strictly, so that a stored document reads for ever."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

ADDED: Mapping[str, bool] = {"added": True}
"""Metadata of a field that documents published before it was there do not have."""


class ContentError(ValueError):
    """The JSON does not describe the document it is read as; the message names the place."""


def dumps(value: object) -> str:
    """Sorted keys and fixed separators: equal content gives equal bytes, hence an equal hash."""
    return canonical(_plain(value))


def canonical(data: object) -> str:
    """The same for JSON that was read back; a database may have put its keys in another order."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def loads[T](kind: type[T], text: str) -> T:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ContentError(f"Not JSON: {error}") from error
    result: T = _typed(kind, data, kind.__name__)
    return result


def _plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _typed(kind: Any, data: object, where: str) -> Any:
    if get_origin(kind) is UnionType:
        if data is None:
            return None
        return _typed(next(arm for arm in get_args(kind) if arm is not NoneType), data, where)
    if get_origin(kind) is tuple:
        if not isinstance(data, list):
            raise ContentError(f"{where} should be a list.")
        item_kind = get_args(kind)[0]
        return tuple(
            _typed(item_kind, item, f"{where}[{index}]") for index, item in enumerate(data)
        )
    if is_dataclass(kind):
        return _record(kind, data, where)
    return _scalar(kind, data, where)


def _record(kind: Any, data: object, where: str) -> object:
    if not isinstance(data, Mapping):
        raise ContentError(f"{where} should be an object.")
    hints = get_type_hints(kind)
    added = {each.name for each in fields(kind) if each.metadata.get("added")}
    if odd := (set(data) ^ set(hints)) - (added - set(data)):
        raise ContentError(f"{where} has missing or unknown keys: {', '.join(sorted(odd))}.")
    return kind(
        **{
            name: _typed(hint, data[name], f"{where}.{name}")
            for name, hint in hints.items()
            if name in data
        }
    )


def _scalar(kind: Any, data: object, where: str) -> object:
    try:
        if kind is date:
            return date.fromisoformat(str(data))
        if issubclass(kind, Enum):
            return kind(data)
    except ValueError as error:
        raise ContentError(f"{where}: {error}.") from error
    # A bool is an int to Python, but true is no number of cases.
    if type(data) is not kind:
        raise ContentError(f"{where} should be {kind.__name__}.")
    return data
