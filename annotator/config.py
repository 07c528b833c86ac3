"""The settings: typed, listed in one place, read from `instance/config.py` and `ANNOTATOR_*`, checked at start."""

import logging
import os
import runpy
import secrets
import sys
from dataclasses import dataclass, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

WELL_KNOWN_KEYS = frozenset({"dev", "secret", "changeme", "change-me", "development", "test", "annotator"})
MINIMUM_KEY = 32
KEY_FILE = "secret_key"
MINIMUM_TOKEN = 16
LOG_FORMATS = ("", "json", "text")


class ConfigError(Exception):
    """A setting is missing or unsafe; the message says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """Every setting with its default; each may be set as `ANNOTATOR_<NAME>` or `<NAME>` in `instance/config.py`.

    `database_url` is also read from `DATABASE_URL`. Sizes are bytes, times seconds.
    """

    instance: str = "instance"  # the folder of data, key and config.py
    database_url: str = ""  # default: SQLite in the instance folder
    secret_key: str = (
        ""  # default: made at first start, kept in the instance folder, readable by its owner only
    )
    base_url: str = ""  # how people reach the site, e.g. https://desk.example.org; default: as asked
    proxies: int = 0  # how many proxies in front set X-Forwarded-* headers
    threads: int = 32  # of the built-in server
    session_idle: int = 2 * 3600
    session_absolute: int = 12 * 3600
    fresh_for: int = 600  # how long after signing in or confirming one's own account may be changed
    admin_fresh_for: int = 3600  # the same, for the administrators' pages
    unknown_ids: int = 300  # how many things that are not there a person may ask for in ten minutes; then 429
    max_body: int = 1_000_000  # of an ordinary request
    max_upload: int = 16_000_000  # of an article brought in, or a file to import in the browser
    project_quota: int = (
        10_000_000_000  # of all that was brought into one project; 0: as much as the disk holds
    )
    smtp_url: str = ""  # the mail server, smtps://name:password@mail.example.org or smtp:// (STARTTLS)
    mail_from: str = ""  # whom mails come from, e.g. Annotator <annotator@example.org>
    oidc_issuer: str = ""  # single sign-on: the provider's name, as it writes it itself; empty: passwords
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = "Single sign-on"  # what the button says: Sign in with ...
    oidc_scopes: str = "openid profile email"
    oidc_groups_claim: str = "groups"
    oidc_admin_group: str = ""  # its members are the administrators; empty: by hand
    oidc_roles: str = ""  # fact-desk=desk:reviewer, leads=desk:editor; projects not named: by hand
    oidc_create: str = (
        "groups"  # who is unknown gets an account when a group of these lets them in; "no": never
    )
    oidc_passwords: str = "none"  # "admins": administrators may still sign in with a password
    oidc_second_factor: str = "provider"  # trusted when it says so; "here": never
    oidc_ca_file: str = ""  # certificates that the provider's is checked with; empty: those everybody trusts
    log_level: str = "INFO"  # of what goes to standard error
    log_format: str = ""  # "json" or "text"; default: text on a terminal, else JSON
    metrics_token: str = ""  # what whoever reads /metrics must bring; without it there is no such page

    @property
    def trusted_hosts(self) -> list[str]:
        """Give the host names that may be asked for; others are refused with 400."""
        named = urlsplit(self.base_url).hostname
        return [*([named] if named else []), "localhost", "127.0.0.1", "[::1]"]


def read_settings(instance: str | None = None, **given: Any) -> Settings:
    """Collect the settings: defaults, then `config.py`, then the environment, then `given`; ConfigError if unsafe."""
    folder = Path(instance or os.environ.get("ANNOTATOR_INSTANCE") or default_instance())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found: dict[str, Any] = {"instance": str(folder.resolve())}
    for source in (_from_file(folder / "config.py"), _from_environment(), given):
        found.update({key: value for key, value in source.items() if value not in (None, "")})
    found.setdefault("database_url", f"sqlite:///{folder.resolve() / 'annotator.sqlite'}")
    found.setdefault("secret_key", _kept_key(folder / KEY_FILE))
    settings = Settings(**found)
    _check(settings)
    return settings


def default_instance() -> Path:
    """Give `instance/` beside the package in a checkout, `var/annotator-instance` of the prefix once installed."""
    beside = Path(__file__).resolve().parent.parent
    if (beside / "setup.cfg").is_file():
        return beside / "instance"
    return Path(sys.prefix) / "var" / "annotator-instance"


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    values = {key.lower(): value for key, value in runpy.run_path(str(path)).items() if key.isupper()}
    unknown = set(values) - {field.name for field in fields(Settings)}
    if unknown:
        raise ConfigError(
            f"{path}: unknown settings {', '.join(sorted(unknown)).upper()}; see docs/administration.md"
        )
    return values


def _from_environment() -> dict[str, Any]:
    values: dict[str, Any] = {"database_url": os.environ.get("DATABASE_URL", "")}
    for field in fields(Settings):
        text = os.environ.get(f"ANNOTATOR_{field.name.upper()}", "")
        if text and field.name != "instance":
            values[field.name] = _typed(field.name, text, number=field.type is int)
    return values


def _typed(name: str, text: str, *, number: bool) -> Any:
    if not number:
        return text
    try:
        return int(text)
    except ValueError:
        raise ConfigError(f"ANNOTATOR_{name.upper()} must be a whole number, not {text!r}") from None


def _kept_key(path: Path) -> str:
    """Read the site's key, or make it at first start with mode 0600."""
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _check(settings: Settings) -> None:
    key = settings.secret_key
    if len(key) < MINIMUM_KEY or key.lower() in WELL_KNOWN_KEYS or len(set(key)) < 8:
        raise ConfigError(
            f"SECRET_KEY is too short or well known: give at least {MINIMUM_KEY} random characters, "
            "or remove it and let the first start make one."
        )
    if settings.database_url.startswith(("postgres://", "postgresql://")):
        raise ConfigError("DATABASE_URL must name the driver: postgresql+psycopg://...")
    if not settings.database_url.startswith(("sqlite:", "postgresql+psycopg:")):
        raise ConfigError("DATABASE_URL must begin with sqlite: or postgresql+psycopg:")
    if settings.log_level not in logging.getLevelNamesMapping():
        raise ConfigError("LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL")
    if settings.log_format not in LOG_FORMATS:
        raise ConfigError("LOG_FORMAT must be json or text")
    if settings.metrics_token and len(settings.metrics_token) < MINIMUM_TOKEN:
        raise ConfigError(f"METRICS_TOKEN is too short: give at least {MINIMUM_TOKEN} random characters.")
    if settings.base_url and urlsplit(settings.base_url).scheme not in ("http", "https"):
        raise ConfigError("BASE_URL must begin with https:// (or http:// on a closed network)")
    _check_mail(settings)


def _check_mail(settings: Settings) -> None:
    if not settings.smtp_url:
        return
    try:
        url = urlsplit(settings.smtp_url)
        usable = url.scheme in ("smtp", "smtps") and bool(url.hostname) and url.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError("SMTP_URL must begin with smtps:// or smtp:// and name the mail server")
    if "@" not in parseaddr(settings.mail_from)[1] or not settings.mail_from.isprintable():
        raise ConfigError("SMTP_URL needs MAIL_FROM, the address that mails come from")
    if not settings.base_url:
        raise ConfigError("SMTP_URL needs BASE_URL: links in mails begin with it")
