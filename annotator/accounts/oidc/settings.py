"""The settings of single sign-on, read and checked once at start; what the rest of the program asks of them."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from annotator.accounts.models import User
from annotator.accounts.oidc.roles import GroupRole, read_roles
from annotator.config import ConfigError, Settings

CHOICES = {
    "oidc_passwords": ("none", "admins"),
    "oidc_create": ("groups", "no"),
    "oidc_second_factor": ("provider", "here"),
}
EXTENSION = "annotator.single_sign_on"
INSTEAD = (
    "People sign in through {name} here. There is no password to sign in with or to set; nothing was changed."
)


@dataclass(frozen=True)
class SingleSignOn:
    """The provider people sign in through, and what is believed of what it says."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    scopes: str
    groups_claim: str
    admin_group: str
    roles: tuple[GroupRole, ...]
    passwords: str
    create: str
    second_factor: str
    ca_file: str

    @property
    def by_groups(self) -> bool:
        """Tell whether any right comes from a group."""
        return bool(self.admin_group or self.roles)

    def lets_in(self, groups: frozenset[str]) -> bool:
        """Tell whether one of these groups is worth an account here."""
        return bool(groups & {self.admin_group, *(role.group for role in self.roles)} - {""})


def read_single_sign_on(settings: Settings) -> SingleSignOn | None:
    """Give what the settings say, None without a provider; ConfigError says which setting is wrong."""
    if not settings.oidc_issuer:
        return None
    _check(settings)
    return SingleSignOn(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        name=settings.oidc_name,
        scopes=settings.oidc_scopes,
        groups_claim=settings.oidc_groups_claim,
        admin_group=settings.oidc_admin_group,
        roles=read_roles(settings.oidc_roles),
        passwords=settings.oidc_passwords,
        create=settings.oidc_create,
        second_factor=settings.oidc_second_factor,
        ca_file=settings.oidc_ca_file,
    )


def _check(settings: Settings) -> None:
    parts = urlsplit(settings.oidc_issuer)
    if not is_safe(settings.oidc_issuer) or parts.query or parts.fragment:
        raise ConfigError("OIDC_ISSUER must begin with https:// and have neither ? nor # in it")
    if not settings.oidc_client_id:
        raise ConfigError("OIDC_CLIENT_ID is missing: it is the name this site has at the provider")
    if "openid" not in settings.oidc_scopes.split():
        raise ConfigError("OIDC_SCOPES must hold the word openid")
    if settings.oidc_ca_file and not Path(settings.oidc_ca_file).is_file():
        raise ConfigError(f"OIDC_CA_FILE: there is no file {settings.oidc_ca_file}")
    for setting, choices in CHOICES.items():
        if getattr(settings, setting) not in choices:
            raise ConfigError(f"{setting.upper()} must be {' or '.join(choices)}")


def is_safe(address: str) -> bool:
    """Tell whether an address of the provider is reached over TLS, or does not leave this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.username or parts.password or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    """Tell whether a host name means this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def single_sign_on() -> SingleSignOn | None:
    """Give the provider of this site, None where people sign in with passwords."""
    found: SingleSignOn | None = current_app.extensions.get(EXTENSION)
    return found


def passwords_offered() -> bool:
    """Tell whether anybody may set, change or sign in with a password here: nobody where there is a provider.

    With `oidc_passwords = admins` administrators may still, as a way in for the day the provider is down.
    """
    found = single_sign_on()
    return found is None or found.passwords == "admins"


def local_sign_in(user: User) -> bool:
    """Tell whether this person may sign in without the provider: by password, or by passkey alone."""
    return local_account(is_admin=user.is_admin)


def local_account(*, is_admin: bool) -> bool:
    """Tell whether somebody who is, or is invited to be, an administrator or not may have a password."""
    found = single_sign_on()
    return found is None or (found.passwords == "admins" and is_admin)
