"""One settings file, driven by the environment; docs/operators/settings.md lists every variable.

Without any variable this is a development set-up: SQLite under var/, reachable from this
computer alone. MACA_ENV=production refuses to start until its secrets are given.
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from agencies.directory_list import directories_in
from agencies.encryption import Keyring
from maca import development_keys, logs

# Lets annotations name what a form, a set of forms or a query is of.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"


def text(name: str, default: str | None = None) -> str:
    """The variable's value; one without a default is demanded in production by name."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(
            f"{name} is not set. Production needs it: see docs/operators/settings.md."
        )
    return default


def flag(name: str, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value not in {"1", "0", "yes", "no", "true", "false", "on", "off"}:
        raise ImproperlyConfigured(f"{name} is {value!r}. Say yes or no.")
    return value in {"1", "yes", "true", "on"}


def number(name: str, default: int, least: int = 0) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}. Give a whole number.")
    if int(value) < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}.")
    return int(value)


def words(name: str, default: str | None = None) -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


ENVIRONMENT = text("MACA_ENV", "development")
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured(f"MACA_ENV is {ENVIRONMENT!r}. Say development or production.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = not PRODUCTION and flag("MACA_DEBUG", default=True)

# A default of None makes the variable compulsory, so production has no fallback to forget.
SECRET_KEY = text("MACA_SECRET_KEY", None if PRODUCTION else "development-only-" + "x" * 50)
SECRET_KEY_FALLBACKS = words("MACA_SECRET_KEY_FALLBACKS", "")
ALLOWED_HOSTS = words("MACA_ALLOWED_HOSTS", None if PRODUCTION else "localhost,127.0.0.1,[::1]")
if PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("MACA_SECRET_KEY is too short: give at least 50 characters.")

# What is encrypted in the database is worth as much as these keys: they never lie beside it.
MASTER_KEYS = text("MACA_MASTER_KEYS", None if PRODUCTION else "") or development_keys.made_once(
    VAR_DIR / "master-keys.txt"
)
try:
    Keyring.parse(MASTER_KEYS)
except ValueError as fault:
    raise ImproperlyConfigured(f"MACA_MASTER_KEYS {fault}") from None
# What backups are encrypted with: another key, kept where neither backups nor the database are.
BACKUP_KEYS = text("MACA_BACKUP_KEYS", "")
if not BACKUP_KEYS and not PRODUCTION:
    BACKUP_KEYS = development_keys.made_once(VAR_DIR / "backup-keys.txt")
try:
    Keyring.parse(BACKUP_KEYS or MASTER_KEYS)
except ValueError as fault:
    raise ImproperlyConfigured(f"MACA_BACKUP_KEYS {fault}") from None
# Keys of sealed identities: never in the database's folder, never in a backup of the database.
KEY_FOLDER = Path(text("MACA_KEY_FOLDER", None if PRODUCTION else str(VAR_DIR / "keys")))
KEY_COPIES = words("MACA_KEY_COPIES", "")

INSTALLED_APPS = [
    "django_linear_migrations",
    "agencies",
    "audits",
    "reports",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "maca.logs.RequestLogMiddleware",
    "agencies.headers.SafeHeadersMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "agencies.middleware.CharsetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "agencies.middleware.LeaverMiddleware",
    "agencies.middleware.SessionClockMiddleware",
    "agencies.middleware.KeepWordsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "agencies.middleware.PartnershipMiddleware",
    "audits.middleware.ScreenedWordsMiddleware",
    "agencies.middleware.NoSuchMethodMiddleware",
    "agencies.middleware.ThrownOutMiddleware",
    "agencies.middleware.RefusalMiddleware",
    "agencies.second_factor.SecondFactorMiddleware",
]

ROOT_URLCONF = "maca.urls"
WSGI_APPLICATION = "maca.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "agencies.context.navigation",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("maca",)
CRISPY_TEMPLATE_PACK = "maca"
CRISPY_FAIL_SILENTLY = False
FILTERS_EMPTY_CHOICE_LABEL = "All"


def database(url: str) -> dict[str, Any]:
    """Django's settings for a database address; SQLite gets what several processes need."""
    config: dict[str, Any] = {
        **dj_database_url.parse(
            url,
            conn_max_age=60,
            conn_health_checks=True,
            disable_server_side_cursors=flag("MACA_PGBOUNCER", default=False),
        )
    }
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["CONN_MAX_AGE"] = 0
        config["OPTIONS"] = {
            **config.get("OPTIONS", {}),
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        }
    return config


DATABASE_URL = text("DATABASE_URL", None if PRODUCTION else f"sqlite:///{VAR_DIR}/maca.sqlite3")
DATABASES = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if not PRODUCTION:
    VAR_DIR.mkdir(exist_ok=True)

# Rate limits on signing in live in the cache, so every process must see the same one. The
# migrations make its table; no ordinary page asks it anything. Were it full, a third of it would
# be forgotten, wrong passwords too: it has room for more than anybody can send in a day, and each
# night it is tidied (agencies/domain/counters.py).
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "agencies.passwords.LongEnough"},
    {"NAME": "agencies.passwords.NotAboutYou"},
    {"NAME": "agencies.passwords.NotCommon"},
    {"NAME": "agencies.passwords.NotBreached"},
]
# A file of hashes, which docs/operators/passwords.md describes; without one nothing is compared.
BREACHED_PASSWORDS = text("MACA_BREACHED_PASSWORDS", "")
# So many days without signing in, and an account locks until somebody opens it again.
DORMANT_DAYS = number("MACA_DORMANT_DAYS", 90, least=1)
FILES_AN_HOUR = number("MACA_FILES_AN_HOUR", 200, least=1)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "agencies.adapter.AccountAdapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "agencies.passwords.ResetTokens"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "agencies.forms.account.SignInForm",
    "reset_password": "agencies.forms.account.ForgottenPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# An account begins with an invitation sent to the address, which is the proof of it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
# Wrong passwords: from one place for one account, and for one account from all places together.
# The library counts codes of the second step by "login_failed", five in five minutes.
ACCOUNT_RATE_LIMITS = {
    "password_here": "5/5m/key,20/1h/key",
    "password_anywhere": "10/1m/ip,100/1h/key",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = number("MACA_PROXY_COUNT", 0)

# Where a partnership says nothing itself: whether its roles need a second factor.
SECOND_FACTOR = flag("MACA_SECOND_FACTOR", default=PRODUCTION)
MFA_ADAPTER = "agencies.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "agencies.forms.second_factor.SignInCodeForm",
    "authenticate_webauthn": "agencies.forms.passkeys.ShowPasskeyForm",
    "activate_totp": "agencies.forms.second_factor.SetUpAppForm",
    "add_webauthn": "agencies.forms.passkeys.AddPasskeyForm",
    "edit_webauthn": "agencies.forms.passkeys.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "MACA"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
# Asked by our own pages, which keep what was typed: agencies/confirming.py.
MFA_REAUTHENTICATION_REQUIRED = False
try:
    DIRECTORIES = directories_in(text("MACA_DIRECTORIES", ""), only_https=PRODUCTION)
except ValueError as fault:
    raise ImproperlyConfigured(f"MACA_DIRECTORIES {fault}") from None
SOCIALACCOUNT_ADAPTER = "agencies.directories.DirectoryAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "agencies.directory_provider.DirectoryProvider"}
}
if DIRECTORIES:
    # It has no tables, and brings five MiB with it.
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
# A link and no form, since our pages send forms nowhere else; a state guards the way back.
SOCIALACCOUNT_LOGIN_ON_GET = True
CONFIRM_AFTER = 60 * number("MACA_CONFIRM_MINUTES", 15)

# So long after the last thing one did; saving as one types counts, an open page does not.
SESSION_ENGINE = "agencies.domain.sessions"
SESSION_COOKIE_AGE = 60 * number("MACA_SESSION_MINUTES", 60)
SESSION_LONGEST = 12 * 60 * 60
if SESSION_COOKIE_AGE < 5 * 60:
    raise ImproperlyConfigured("MACA_SESSION_MINUTES is too short: give at least 5.")
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# A browser takes a cookie of such a name over TLS only, for the whole of one host and no other:
# nobody who holds a neighbouring host name can plant one.
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGES_COOKIE_NAME = f"{COOKIE_PREFIX}messages"
CONTRIBUTOR_COOKIE_NAME = f"{COOKIE_PREFIX}contributor"
MESSAGE_STORAGE = "agencies.flash.Storage"
CSRF_FAILURE_VIEW = "agencies.views.session.token_refused"

# A workbook that is uploaded stays in memory: what it says about a case is never left on a disc.
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["agencies.uploads.InMemory"]
DATA_UPLOAD_MAX_NUMBER_FILES = 5
# A long toolkit with many points makes a page of more fields than the thousand that are usual.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
# In development each file comes from where it was written, so nothing is collected.
STATIC_ROOT = Path(text("MACA_STATIC_ROOT", str(BASE_DIR / "staticfiles"))) if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "maca.staticfiles.ManifestStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# Who does the background work: a thread of each web process, or processes of their own.
WORKER = text("MACA_WORKER", "separate" if PRODUCTION else "embedded")
if WORKER not in {"embedded", "separate"}:
    raise ImproperlyConfigured(f"MACA_WORKER is {WORKER!r}. Say embedded or separate.")
# A worker not seen for so many seconds is taken for dead, and its jobs are given to others.
WORKER_LEASE = number("MACA_WORKER_LEASE", 60, least=1)


def smtp() -> dict[str, Any]:
    security = text("MACA_SMTP_SECURITY", "starttls")
    if security not in {"starttls", "tls", "none"}:
        raise ImproperlyConfigured("MACA_SMTP_SECURITY must be starttls, tls or none.")
    options: dict[str, Any] = {
        "host": text("MACA_SMTP_HOST"),
        "use_tls": security == "starttls",
        "use_ssl": security == "tls",
        "username": text("MACA_SMTP_USER", ""),
        "password": text("MACA_SMTP_PASSWORD", ""),
        "timeout": 20,
    }
    if port := number("MACA_SMTP_PORT", 0):
        options["port"] = port
    return {"BACKEND": "agencies.smtp.EmailBackend", "OPTIONS": options}


MAILERS: dict[str, dict[str, Any]] = {
    "default": smtp()
    if PRODUCTION or text("MACA_SMTP_HOST", "")
    else {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": VAR_DIR / "mail"},
    }
}
DEFAULT_FROM_EMAIL = text("MACA_MAIL_FROM", None if PRODUCTION else "maca@fenshire.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Links in mail: a task or a command has no request that could say how people reach this site.
BASE_URL = text(
    "MACA_BASE_URL", f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://127.0.0.1:8000"
).rstrip("/")

# Nothing is inline and nothing comes from elsewhere, so not even a nonce is needed.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
SAFE_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION and flag("MACA_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/(work/)?$"]
SECURE_HSTS_SECONDS = number("MACA_HSTS_SECONDS", 31_536_000) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
if proxy_header := text("MACA_PROXY_SSL_HEADER", ""):
    SECURE_PROXY_SSL_HEADER = ("HTTP_" + proxy_header.upper().replace("-", "_"), "https")

LOGGING: dict[str, Any] = logs.configuration(
    production=PRODUCTION, level=text("MACA_LOG_LEVEL", "INFO").upper()
)
