"""The project's own settings with the few changes that make tests quick and keep them apart."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# A shell that is set up for production must not lend its settings to the tests.
for _name in [name for name in os.environ if name.startswith("MACA_")]:
    if _name not in {"MACA_CHROMIUM"}:
        del os.environ[_name]

from maca.settings import *  # noqa: E402, F403
from maca.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE  # noqa: E402

# Every process has its own folder, so that runs beside each other cannot meet.
_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
SCRATCH_DIR = Path(tempfile.mkdtemp(prefix="maca-tests-", dir=_memory))
atexit.register(shutil.rmtree, SCRATCH_DIR, ignore_errors=True)

DEBUG = False
SECRET_KEY = "for-tests-only-" + "x" * 50
MASTER_KEYS = "1:" + "for+tests+only+" + "x" * 28 + "="
BACKUP_KEYS = "1:" + "for+backups+only+" + "x" * 26 + "="
KEY_FOLDER = SCRATCH_DIR / "keys"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
# A test is asked whether it is still the same person only where it makes the time pass.
CONFIRM_AFTER = 24 * 60 * 60
# Mail leaves as soon as its transaction has held, through the same outbox and the same claim.
WORKER = "immediate"
STATIC_ROOT = SCRATCH_DIR / "static"
WHITENOISE_AUTOREFRESH = False
# A test may name a directory after the applications were loaded.
INSTALLED_APPS = [*INSTALLED_APPS, "allauth.socialaccount.providers.openid_connect"]

# Pages under test get their styles from the live server's own static handler.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in real use: a database in memory would share one connection between threads.
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
    )
