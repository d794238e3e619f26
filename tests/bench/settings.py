"""The project's own settings as they serve people, with one page more to compare others with."""

import os

os.environ["MACA_DEBUG"] = "no"

from maca.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
