import os

import django

from maca.handler import Application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maca.settings")

django.setup(set_prefix=False)
application = Application()

from agencies import embedded  # noqa: E402 - it needs Django's settings, as the line above does.

embedded.start_with_first_request()
