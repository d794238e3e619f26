"""Bytes to plain JSON values and back."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from reports.files.faults import Fault, FileRefused, Path, fault

# A lone surrogate cannot be written as UTF-8, and PostgreSQL keeps no NUL.
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


class _Object(dict[str, Any]):
    """An object of the file that remembers the keys it gave twice."""

    twice: list[str]


def to_bytes(data: dict[str, Any]) -> bytes:
    return (json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def from_bytes(content: bytes) -> tuple[Any, list[Fault]]:
    """The file's value and the faults of its text; raises FileRefused if it is no JSON at all."""
    try:
        data = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_number
        )
    except UnicodeDecodeError as error:
        raise FileRefused([Fault("", f"Not UTF-8 at byte {error.start}.")]) from error
    except RecursionError as error:
        raise FileRefused([Fault("", "Nested too deeply.")]) from error
    except json.JSONDecodeError as error:
        words = f"Not JSON at line {error.lineno}, column {error.colno}: {error.msg}."
        raise FileRefused([Fault("", words)]) from error
    except ValueError as error:
        raise FileRefused([Fault("", f"Not JSON: {error}.")]) from error
    return data, list(_faults(data, ()))


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    result = _Object(pairs)
    names = [name for name, _ in pairs]
    result.twice = (
        sorted({name for name in names if names.count(name) > 1})
        if (len(names) != len(result))
        else []
    )
    return result


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _faults(value: Any, path: Path) -> Iterator[Fault]:
    if isinstance(value, _Object):
        for name in value.twice:
            yield fault((*path, name), "This key stands here twice.")
        for name, item in value.items():
            if UNWRITABLE.search(name):
                yield fault(path, "A key holds a character that cannot be kept.")
            yield from _faults(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, (*path, index))
    elif isinstance(value, str) and UNWRITABLE.search(value):
        yield fault(path, "The text holds a character that cannot be kept.")
