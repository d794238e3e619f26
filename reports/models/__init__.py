from reports.models.document import Document
from reports.models.prose import Prose

__all__ = ["Document", "Prose"]
