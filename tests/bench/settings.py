"""The project's own settings as they serve people, with one address more: a page to compare with."""

import os

os.environ["MACA_DEBUG"] = "no"

from maca.settings import *  # noqa: E402, F403

ROOT_URLCONF = "tests.bench.urls"
