"""One audit as a file: see docs/developers/audit-file.md."""

from reports.files.dumping import dump
from reports.files.faults import Fault, FileRefused
from reports.files.loading import load
from reports.files.text import to_bytes

__all__ = ["Fault", "FileRefused", "dump", "load", "to_bytes"]
