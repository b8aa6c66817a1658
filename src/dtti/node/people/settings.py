"""Django's settings for the one node whose folder DTTI_NODE names. Knows where things stand; holds no rule.

Four variables of the environment: DTTI_NODE (the folder), DTTI_PAGES_URL (the address officials type, where it differs
from ``pages_url``; with ``https`` it turns on everything that belongs to TLS), DTTI_PROXIES (how many reverse proxies
stand in front; 1 where the address is ``https``) and DTTI_PROXY (the address of the nearest). Everything else is in the
folder's ``node.toml``. Without DTTI_NODE there is no node and the accounts live in memory: enough to check types and to
draw migrations, and no more.
"""

import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dtti.node.folder import config as nodes
from dtti.node.folder import files, logs

_WEB = Path(__file__).resolve().parents[2] / "web"

NODE_FOLDER: Path | None = Path(os.environ["DTTI_NODE"]).resolve() if os.environ.get("DTTI_NODE") else None
NODE_CONFIG = nodes.read(NODE_FOLDER) if NODE_FOLDER else nodes.Config(side="XXX")
DEMONSTRATION = NODE_CONFIG.demonstration


def _secret(folder: Path | None) -> str:
    """The signing secret of sessions and forms."""
    return secrets.token_hex(32) if folder is None else files.secret(folder)


def _accounts(folder: Path | None, config: nodes.Config) -> dict[str, Any]:
    """Where accounts, sessions, drafts and the reading log stand: a file in the folder, or a schema of their own."""
    if config.database:
        from psycopg.conninfo import conninfo_to_dict

        parts = {name: str(value) for name, value in conninfo_to_dict(config.database).items()}
        named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
        place = {name: parts.pop(part) for name, part in named.items() if part in parts}
        options = f"{parts.pop('options', '')} -c search_path={config.schema}_accounts".strip()
        return {
            "ENGINE": "django.db.backends.postgresql",
            **place,
            "OPTIONS": {**parts, "options": options},
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "accounts.sqlite3" if folder else ":memory:",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # Python's own SQLite may be one of those (3.7.0 to 3.51.2) that can corrupt a write-ahead log when it is
            # reset; a rollback journal has no such fault, and accounts are written seldom.
            "init_command": "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
        "CONN_MAX_AGE": None,
    }


def _static_print(folder: Path) -> str:
    """A short digest of all static files, part of their address: a browser keeps them for ever, never a stale one."""
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


PAGES_URL = NODE_CONFIG.address
_address = urlsplit(PAGES_URL)
_tls = _address.scheme == "https"
# Whose word is taken that a request came by https: a reverse proxy, on this machine unless another address is given.
PROXY = os.environ.get("DTTI_PROXY") or ("::1" if NODE_CONFIG.page_address.startswith("[") else "127.0.0.1")

DEBUG = False
SECRET_KEY = _secret(NODE_FOLDER)
ALLOWED_HOSTS = sorted({_address.hostname or "localhost", "localhost", "127.0.0.1", "[::1]"})
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}"] if _tls else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "dtti.node.people",
]

MIDDLEWARE = [
    "dtti.web.request_id.RequestIdMiddleware",
    "dtti.web.watch.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # adds bytes of random length, so that sizes betray no secret (BREACH)
    "dtti.web.middleware.PageMiddleware",
    "dtti.web.characters.CharacterMiddleware",  # draws what every page below it holds, cleans what their forms send
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dtti.web.middleware.SeatMiddleware",
    "dtti.web.intake.IntakeMiddleware",  # after who may send at all: nothing marked above the ceiling is kept
    "dtti.web.page_tables.TablesMiddleware",
]

ROOT_URLCONF = "dtti.web.urls"
WSGI_APPLICATION = "dtti.web.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [_WEB / "templates"],
        "OPTIONS": {
            "environment": "dtti.web.jinja.environment",
            "context_processors": ["dtti.web.frame.context"],
            "auto_reload": False,
        },
    }
]

# Accounts

DATABASES = {"default": _accounts(NODE_FOLDER, NODE_CONFIG)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all workers: it counts failed sign-ins and remembers which one-time codes were used.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "node_cache"}}

AUTH_USER_MODEL = "node.Person"
AUTHENTICATION_BACKENDS = ["dtti.web.accounts.backend.SeatedBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    # NIST SP 800-63B, 5.1.1: length and a list of common ones; no rules of composition, no forced change.
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "dtti.web.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # sign-up itself is closed; allauth checks the two together
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# A key is a user name at a place (`accounts.adapters`); the waits grow with the windows. Decision 0037.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key,10/1h/key,20/1d/key", "signup": "1/d/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("DTTI_PROXIES") or int(_tls))

MFA_ADAPTER = "dtti.web.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = NODE_CONFIG.name or f"DTTI {NODE_CONFIG.side}"
MFA_RECOVERY_CODE_DIGITS = 10
MFA_FORMS = {
    "activate_totp": "dtti.web.accounts.forms.SetUpApp",
    "add_webauthn": "dtti.web.accounts.forms.AddPasskey",
    "login_webauthn": "dtti.web.accounts.forms.SignInPasskey",
    "authenticate_webauthn": "dtti.web.accounts.forms.SecondFactorPasskey",
    "reauthenticate_webauthn": "dtti.web.accounts.forms.ConfirmPasskey",
}
# Without TLS a browser offers passkeys on the name localhost and those below it, and nowhere else.
_host = _address.hostname or ""
_this_machine = _host in ("localhost", "127.0.0.1", "::1") or _host.endswith(".localhost")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _tls and _this_machine

# Sessions, cookies, headers

SESSION_COOKIE_NAME = f"dtti_{NODE_CONFIG.side.lower()}"  # two nodes may be served under one host name
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _tls
CSRF_COOKIE_NAME = f"{SESSION_COOKIE_NAME}_form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _tls
CSRF_FAILURE_VIEW = "dtti.web.accounts.views.form_expired"
MESSAGE_STORAGE = "dtti.web.messages.NodeMessages"

SECURE_HSTS_SECONDS = 31_536_000 if _tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _tls
SECURE_SSL_REDIRECT = _tls
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CSP_REPORT_PATH = "/csp-report"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "report-uri": [CSP_REPORT_PATH],
    }
}

# X-Frame-Options is set with the other headers; no one preloads the name of an office's own machine.
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W021"]

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

# Languages and time

USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("hi", "हिन्दी")]
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: one folder in the package, no collecting. WhiteNoise serves exactly what stands there.

STATIC_ROOT = str(_WEB / "static")
STATIC_URL = f"/static/{_static_print(_WEB / 'static')}/"
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_AUTOREFRESH = False
WHITENOISE_USE_FINDERS = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Log lines go to standard error as JSON, where the service manager keeps them. No address is mailed anything.
LOGGING = logs.config("dtti.web.request_id.RequestIdFilter")
