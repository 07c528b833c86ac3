"""The settings of single sign-on, checked at start; and a start without the extra."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import KEY

from annotator.accounts.oidc.settings import is_safe, read_single_sign_on
from annotator.config import ConfigError, Settings

ROOT = Path(__file__).parents[3]
GOOD = {"oidc_issuer": "https://provider.example", "oidc_client_id": "annotator"}
# Hides the extra's packages from the program, as if they were not installed.
WITHOUT = """
import sys
for name in ("authlib", "joserfc", "requests"):
    sys.modules[name] = None
from annotator.cli import main
main()
"""


def test_without_an_issuer_there_is_no_single_sign_on() -> None:
    assert read_single_sign_on(Settings(oidc_roles="nonsense")) is None


def test_what_is_right_is_taken_as_it_stands() -> None:
    found = read_single_sign_on(Settings(**GOOD, oidc_admin_group="chiefs"))
    assert found is not None
    assert (found.issuer, found.name, found.by_groups) == (GOOD["oidc_issuer"], "Single sign-on", True)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"oidc_issuer": "http://provider.example"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "provider.example"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "https://provider.example/?x=1"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "https://user:word@provider.example/"}, "OIDC_ISSUER"),
        ({"oidc_client_id": ""}, "OIDC_CLIENT_ID"),
        ({"oidc_scopes": "profile email"}, "OIDC_SCOPES"),
        ({"oidc_roles": "desk"}, "OIDC_ROLES"),
        ({"oidc_passwords": "some"}, "OIDC_PASSWORDS"),
        ({"oidc_create": "yes"}, "OIDC_CREATE"),
        ({"oidc_second_factor": "none"}, "OIDC_SECOND_FACTOR"),
        ({"oidc_ca_file": "/nowhere.pem"}, "OIDC_CA_FILE"),
    ],
)
def test_what_is_wrong_stops_the_start_and_is_named(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        read_single_sign_on(Settings(**{**GOOD, **wrong}))


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://provider.example/x", True),
        ("https://10.0.0.5:8443/", True),
        ("http://127.0.0.1:9000", True),
        ("http://localhost:9000", True),
        ("http://[::1]:9000", True),
        ("http://10.0.0.5/", False),
        ("http://localhost.example/", False),
        ("ftp://127.0.0.1/", False),
        ("https:///x", False),
        ("https://[bad", False),
        ("", False),
    ],
)
def test_only_tls_or_this_machine_is_safe(address: str, safe: bool) -> None:
    assert is_safe(address) is safe


def start(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    given = {f"ANNOTATOR_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *arguments],
        cwd=ROOT,
        env={"ANNOTATOR_INSTANCE": str(folder), "ANNOTATOR_SECRET_KEY": KEY, "PATH": "", **given},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_the_extra_and_a_provider_everything_works(tmp_path: Path) -> None:
    ended = start(tmp_path, "db", "upgrade")
    assert (ended.returncode, "Error" in ended.stderr) == (0, False), ended.stderr


def test_a_provider_without_the_extra_stops_the_start_and_says_what_to_install(tmp_path: Path) -> None:
    ended = start(tmp_path, "db", "upgrade", **GOOD)
    assert ended.returncode == 1
    assert "pip install 'annotator[oidc]'" in ended.stderr
    assert "Traceback" not in ended.stderr
