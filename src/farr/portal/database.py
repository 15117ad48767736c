"""The database that an address means, for Django; and over a network, only as what it must be: encrypted, and known by its certificate."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from farr.portal.hosts import is_of_this_machine
from farr.portal.installation import InstallationError

# These would say anew where the database is; it stands before the '?' alone.
_ELSEWHERE = ("host", "hostaddr", "port", "service", "servicefile", "user", "password", "dbname")
_OF_THE_CLIENT = ("PGHOST", "PGHOSTADDR", "PGSERVICE")  # libpq's own variables, which would do so as well


def database(url: str, folder: Path, setting: str = "database") -> dict[str, object]:
    """The database of 'sqlite:///FILE' (in `folder`) or 'postgresql://USER:PASSWORD@HOST:PORT/NAME' (host: a folder with a socket,
    percent-encoded); what stands after '?' goes to PostgreSQL's client: sslmode=verify-full&sslrootcert=FILE. Raises InstallationError,
    also for a PostgreSQL over a network without these two."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / parts.path.lstrip("/"), "OPTIONS": options}
    if parts.scheme not in {"postgresql", "postgres"}:
        raise InstallationError(f"portal.toml, setting '{setting}': '{parts.scheme}' is neither sqlite nor postgresql")
    host, options = unquote(parts.hostname or ""), dict(parse_qsl(parts.query))
    _check_way(host, options, setting)
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": parts.path.lstrip("/"), "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""), "HOST": host, "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": options,
    }  # fmt: skip


def _check_way(host: str, options: dict[str, str], setting: str) -> None:
    """Raises InstallationError."""
    if again := [each for each in options if each in _ELSEWHERE]:
        raise InstallationError(f"portal.toml, setting '{setting}': write {again[0]} before the '?': postgresql://USER@HOST:PORT/NAME")
    if told := [each for each in _OF_THE_CLIENT if os.environ.get(each)]:
        raise InstallationError(
            f"the environment's {told[0]} says elsewhere where the database is; remove it, and name the host in portal.toml"
        )
    is_here = not host or host.startswith(("/", "@")) or is_of_this_machine(host)
    if not is_here and (options.get("sslmode") != "verify-full" or not options.get("sslrootcert")):
        raise InstallationError(
            f"portal.toml, setting '{setting}': the database is reached over a network; write at its end "
            "?sslmode=verify-full&sslrootcert=FILE, FILE being the certificate of the authority that signed the server's"
        )
