"""Words that somebody typed as a page closed, and where the answer has them."""

import html
import re
from typing import Any

WORDS = "It took an hour to put down what twelve practices told us."
BELOW = "What you wrote still stands below."


def text_of(response: Any) -> str:
    return " ".join(html.unescape(response.content.decode()).split())


def is_in_a_box(response: Any, words: str = WORDS) -> bool:
    """Inside a field, where it can be sent again, and not only somewhere on the page."""
    page = response.content.decode()
    boxes = re.findall(r"<textarea[^>]*>\s*([^<]*?)\s*</textarea>", page)
    lines = re.findall(r'<input[^>]* type="text"[^>]* value="([^"]*)"', page)
    return words in [html.unescape(each) for each in (*boxes, *lines)]
