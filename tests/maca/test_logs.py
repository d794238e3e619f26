import logging

import pytest

from maca.logs import MaskLinks, mask


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/accounts/password/reset/key/2f-abc-123/", "/accounts/password/reset/key/…/"),
        ("/invitations/3c1d:9f/", "/invitations/…/"),
        ("/contribute/links/Zm9v-bar_9/", "/contribute/links/…/"),
        ("/audits/3c1d/", "/audits/3c1d/"),
    ],
)
def test_a_link_that_lets_somebody_in_is_masked(path: str, logged: str) -> None:
    assert mask(path) == logged


def test_the_filter_masks_what_a_message_is_made_of() -> None:
    path = "/accounts/password/reset/key/2f-abc-123/"
    record = logging.LogRecord("django", 30, "", 0, "%s: %s", ("Not Found", path), None)
    assert MaskLinks().filter(record)
    assert record.getMessage() == "Not Found: /accounts/password/reset/key/…/"
