from dataclasses import dataclass

type Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: `/returns/2/cases/0/known`, counted from 0 as in JSON pointers."""

    place: str
    words: str

    def __str__(self) -> str:
        return f"{self.place or '/'}: {self.words}"


class FileRefused(Exception):  # noqa: N818 - the file is refused; the error is in the file
    """A file was refused whole; `faults` names all that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def fault(path: Path, words: str) -> Fault:
    return Fault("".join(f"/{_escaped(step)}" for step in path), words)


def _escaped(step: str | int) -> str:
    return str(step).replace("~", "~0").replace("/", "~1")
