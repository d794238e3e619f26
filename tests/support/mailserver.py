"""A mail server for tests: it listens on this computer, keeps what it accepted, and can be unkind.

It speaks as much SMTP as Django's backend does. `mood` decides what it answers to each message:
a function of the recipient that gives one of `Mood`.
"""

import socketserver
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from enum import Enum
from threading import Lock, Thread
from typing import Any


class Mood(Enum):
    KIND = "takes it"
    BUSY = "says: not now"
    STERN = "says: never"
    RUDE = "takes it and hangs up without a word"
    DEAF = "hangs up before it was offered"
    SLOW = "takes it, and its time to say so"


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.mood: Callable[[str], Mood] = lambda _recipient: Mood.KIND
        self.accepted: list[Message] = []
        self._lock = Lock()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def mailer(self) -> dict[str, Any]:
        """The setting with which the application sends here."""
        return {
            "BACKEND": "agencies.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": self.port, "timeout": 5},
        }

    def keep(self, words: bytes) -> None:
        with self._lock:
            self.accepted.append(message_from_bytes(words))

    def times(self) -> Counter[str]:
        """How often each message, by its id, was accepted."""
        with self._lock:
            return Counter(str(message["Message-ID"]) for message in self.accepted)

    def handle_error(self, *_where: Any) -> None:
        """Who hangs up on it in the middle of a word, as a killed worker does, is no fault."""


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        recipient = ""
        self._say("220 here")
        while line := self.rfile.readline():
            verb = line[:4].upper().decode("ascii", "replace")
            if verb == "RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
                if not self._hears(recipient):
                    return
            elif verb == "DATA":
                if not self._takes(recipient):
                    return
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _hears(self, recipient: str) -> bool:
        mood = self.server.mood(recipient)
        if mood is Mood.BUSY:
            self._say("451 not now")
        elif mood is Mood.STERN:
            self._say("550 nobody of that name")
        elif mood is Mood.DEAF:
            return False
        else:
            self._say("250 fine")
        return True

    def _takes(self, recipient: str) -> bool:
        mood = self.server.mood(recipient)
        self._say("354 go on")
        words = b""
        while not words.endswith(b"\r\n.\r\n"):
            line = self.rfile.readline()
            if not line:
                return False
            words += line
        self.server.keep(words[:-5])
        if mood is Mood.RUDE:
            return False
        if mood is Mood.SLOW:
            time.sleep(0.05)
        self._say("250 taken")
        return True

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@contextmanager
def listening(port: int = 0) -> Iterator[MailServer]:
    with MailServer(port) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
