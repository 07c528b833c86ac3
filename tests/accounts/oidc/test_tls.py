"""The provider's certificate: believed when a known authority signed it for this name, else nobody is spoken to."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from accounts.oidc.provider import Provider, running

from annotator.app import Annotator

Through = Callable[..., Annotator]


def status(through: Through, provider: Provider, **settings: str) -> int:
    return through(oidc_issuer=provider.url, **settings).test_client().get("/login/oidc").status_code


def context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(made)
    return made


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def file(authority: trustme.CA, tmp_path: Path) -> str:
    """The file of the newsroom's own authority."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def test_the_newsrooms_own_authority_is_believed_where_it_is_named(
    through: Through, authority: trustme.CA, file: str
) -> None:
    with running(context(authority, "127.0.0.1")) as provider:
        assert status(through, provider, oidc_ca_file=file) == 302


def test_an_authority_that_is_not_known_is_not_believed(through: Through, authority: trustme.CA) -> None:
    with running(context(authority, "127.0.0.1")) as provider:
        assert status(through, provider) == 503


def test_a_certificate_of_another_name_is_not_believed(
    through: Through, authority: trustme.CA, file: str
) -> None:
    with running(context(authority, "provider.example")) as provider:
        assert status(through, provider, oidc_ca_file=file) == 503
