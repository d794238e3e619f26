from reports.models.document import Document
from reports.models.preview import Preview
from reports.models.prose import Prose

__all__ = ["Document", "Preview", "Prose"]
