import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maca.settings")

application = get_wsgi_application()

from agencies import embedded  # noqa: E402 - it needs Django's settings, as the line above does.

embedded.start_with_first_request()
