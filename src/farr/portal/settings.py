"""Django's settings, made of the installation that FARR_PORTAL names."""

import logging.config
import os

from csp.constants import NONE, SELF

from farr.portal.access.roles import Role
from farr.portal.database import database
from farr.portal.installation import AS_OWNER, Installation, InstallationError, SignOn, installation
from farr.portal.people.breached import check_list

FARR: Installation = installation()
if unknown := sorted(set(FARR.places) - {role.value for role in Role}):  # a misspelt role would be let in from everywhere
    raise InstallationError(f"portal.toml, setting 'places': there is no role '{unknown[0]}'; see: farr portal roles")
if len(FARR.sign_on) > 1 and (open_ended := [each.name for each in FARR.sign_on if not each.domains]):
    raise InstallationError(f"portal.toml, setting 'sign_on': say for whose addresses '{open_ended[0]}' vouches: domains = [\"…\"]")
if FARR.breached_passwords is not None:
    check_list(FARR.place(FARR.breached_passwords))


def app_of(sign_on: SignOn) -> dict[str, object]:
    """An organisation's sign-on as allauth is told of it. Raises InstallationError where its secret cannot be read."""
    said = {"server_url": sign_on.description, "issuer": sign_on.calls_itself, "token_auth_method": "client_secret_basic"}
    known = {"provider_id": sign_on.name, "name": sign_on.title, "client_id": sign_on.client, "settings": said}
    return {**known, "secret": FARR.secret_of(sign_on.secret_file)}


DEBUG = False
SECRET_KEY, *SECRET_KEY_FALLBACKS = FARR.session_keys()
ALLOWED_HOSTS = list(FARR.hosts)
ROOT_URLCONF = "farr.portal.urls"
WSGI_APPLICATION = "farr.portal.wsgi.application"
# As another account, which may change tables, while `farr portal manage migrate` does so; the portal itself then need not be able to.
DATABASES = {
    "default": database(FARR.database_owner, FARR.folder, "database_owner")
    if FARR.database_owner and AS_OWNER in os.environ
    else database(FARR.database, FARR.folder)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
# Shared by all processes: what limits guessing, and which one-time codes were used, is kept there.
CACHES = {
    # Limits of signing in and codes that were used: what is dropped for room would not count any more.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "farr_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    # Parts of pages as they were written out: each process its own.
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 600}},
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "farr.portal.people",
    "farr.portal.agreements",
    "farr.portal.review",
    "farr.portal.commentary",
    "farr.portal.negotiating",
    "farr.portal.api",
]
MIDDLEWARE = [
    "farr.portal.access.noting.NotingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "farr.portal.access.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [__file__.rpartition("/")[0] + "/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "farr.portal.access.context.access",
            ],
        },
    }
]

# --- who signs in, and how
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "farr.portal.people.passwords.KnownWordValidator"},
    {"NAME": "farr.portal.people.passwords.BreachedPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "farr.portal.people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "farr.portal.people.adapters.SignOnAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # administrators make accounts, and vouch for the address
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")  # an e-mail is no proof of who somebody is
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = FARR.proxies
MFA_ADAPTER = "farr.portal.people.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = FARR.name
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds either way: RFC 6238, section 5.2
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not FARR.https
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "farr.portal.people.factors.CodeForm",
    "reauthenticate": "farr.portal.people.factors.CodeAgainForm",
    "authenticate_webauthn": "farr.portal.people.factors.KeyForm",
    "reauthenticate_webauthn": "farr.portal.people.factors.KeyAgainForm",
}
USERSESSIONS_TRACK_ACTIVITY = False
USERSESSIONS_ADAPTER = "farr.portal.people.again.SessionsAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "farr.portal.people.sign_on.provider.StrictProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [app_of(each) for each in FARR.sign_on],
    }
}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "farr.portal.access.places.address"
AXES_LOCKOUT_TEMPLATE = "locked_out.html"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
SESSION_COOKIE_AGE = 8 * 3600  # a working day, in all
SESSION_IDLE_SECONDS = 30 * 60  # without a request
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie beside those of session and CSRF

# --- what browsers are told
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = FARR.https
SESSION_COOKIE_NAME = "__Host-farr" if FARR.https else "farr"
CSRF_COOKIE_NAME = "__Host-farr-csrf" if FARR.https else "farr-csrf"
SECURE_SSL_REDIRECT = FARR.https
SECURE_REDIRECT_EXEMPT = [r"^api/"]  # refused there (access/middleware.py): a redirect would hide that tokens are sent in the open
SECURE_HSTS_SECONDS = 31_536_000 if FARR.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = FARR.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if FARR.proxies else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *(each.server for each in FARR.sign_on)],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# What is uploaded stays in memory until it has been looked at, and what is larger is dropped: a file that names people never meets a disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_200_000

STATIC_URL = "/static/"
STATICFILES_DIRS = [__file__.rpartition("/")[0] + "/static"]
STATIC_ROOT = FARR.folder / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if FARR.mail_host else "django.core.mail.backends.filebased.EmailBackend"
EMAIL_HOST = FARR.mail_host or ""
EMAIL_USE_TLS, EMAIL_PORT = (True, 587) if FARR.mail_tls else (False, 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = FARR.mail_user or "", FARR.mail_password()
EMAIL_TIMEOUT = 30  # seconds
EMAIL_FILE_PATH = FARR.folder / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = FARR.mail_from

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Nothing of a request goes to the log: what was done is in the audit, and an error is named by kind and place alone. Lines of the audit go
# there too, as lines of their own, unless audit_log = false.
LOGGING_CONFIG = None
logging.raiseExceptions = False  # a log that cannot be written stops nothing, and its own error would show what it was to hold
logging.config.dictConfig(
    {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"quiet": {"()": "farr.portal.access.quiet.Quiet"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "quiet"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            # What was refused or not found is written by NotingMiddleware, or is in the audit.
            "django.request": {"level": "ERROR"},
            "axes": {"level": "ERROR"},
            "farr.audit": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
    }
)

# --- the API
API_CALLS_A_MINUTE = 120  # of each token
