"""How a helper and its parent talk: messages of a fixed header and a body of that length.

A request is bytes. A reply is bytes too, or a reason in words, after what the helper's engine
complained of as a JSON list.
"""

import json
import struct
from dataclasses import dataclass
from typing import BinaryIO

_REQUEST = struct.Struct(">I")
_REPLY = struct.Struct(">?II")


@dataclass(frozen=True)
class Reply:
    ok: bool
    body: bytes
    warnings: tuple[str, ...] = ()


def write_request(stream: BinaryIO, body: bytes) -> None:
    stream.write(_REQUEST.pack(len(body)))
    stream.write(body)
    stream.flush()


def read_request(stream: BinaryIO) -> bytes | None:
    """The next one, or None when the parent has gone."""
    header = stream.read(_REQUEST.size)
    if len(header) < _REQUEST.size:
        return None
    (size,) = _REQUEST.unpack(header)
    return stream.read(size)


def write_reply(stream: BinaryIO, reply: Reply) -> None:
    warnings = json.dumps(reply.warnings).encode()
    stream.write(_REPLY.pack(reply.ok, len(warnings), len(reply.body)))
    stream.write(warnings)
    stream.write(reply.body)
    stream.flush()


def read_reply(stream: BinaryIO) -> Reply:
    """Raises EOFError when the helper dies in mid-sentence."""
    ok, warnings, body = _REPLY.unpack(_exactly(stream, _REPLY.size))
    return Reply(
        ok=ok, warnings=tuple(json.loads(_exactly(stream, warnings))), body=_exactly(stream, body)
    )


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
