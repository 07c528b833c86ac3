"""The settings: where they come from, what they may be, and that nothing unsafe starts."""

import stat
from pathlib import Path
from typing import Any

import pytest
from conftest import KEY

from annotator.app import create_app
from annotator.config import ConfigError, Settings, default_instance, read_settings

UNSAFE = ["dev", "secret", "x" * 31, "a" * 64, "changeme", "ab" * 20, "1234567" * 8]


@pytest.fixture(autouse=True)
def _without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANNOTATOR_INSTANCE", "DATABASE_URL", "ANNOTATOR_SECRET_KEY", "ANNOTATOR_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("key", UNSAFE)
def test_an_unsafe_key_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("ANNOTATOR_SECRET_KEY", key)
    with pytest.raises(ConfigError, match="too short or well known"):
        read_settings(str(tmp_path))


@pytest.mark.parametrize("key", ["", "short"])
def test_an_empty_or_short_key_file_does_not_start(tmp_path: Path, key: str) -> None:
    (tmp_path / "secret_key").write_text(key)
    with pytest.raises(ConfigError, match="too short or well known"):
        read_settings(str(tmp_path))


def test_the_first_start_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    first = read_settings(str(tmp_path / "new"))
    file = tmp_path / "new" / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (len(first.secret_key), file.read_text()) == (64, first.secret_key)
    assert read_settings(str(tmp_path / "new")).secret_key == first.secret_key
    assert read_settings(str(tmp_path / "other")).secret_key != first.secret_key


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.py").write_text("THREADS = 7\nSESSION_IDLE = 60\nsomething = 1\n")
    monkeypatch.setenv("ANNOTATOR_THREADS", "9")
    found = read_settings(str(tmp_path))
    assert (found.threads, found.session_idle, found.session_absolute) == (9, 60, 12 * 3600)
    assert found.database_url == f"sqlite:///{tmp_path / 'annotator.sqlite'}"


@pytest.mark.parametrize("name", [name for name, kind in Settings.__annotations__.items() if kind is int])
def test_numbers_are_read_as_numbers_and_words_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"ANNOTATOR_{name.upper()}", "12")
    assert getattr(read_settings(str(tmp_path)), name) == 12
    monkeypatch.setenv(f"ANNOTATOR_{name.upper()}", "many")
    with pytest.raises(ConfigError, match=f"ANNOTATOR_{name.upper()} must be a whole number"):
        read_settings(str(tmp_path))


def test_an_unknown_setting_in_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("SECRET_KAY = 'x'\n")
    with pytest.raises(ConfigError, match="SECRET_KAY"):
        read_settings(str(tmp_path))


WRONG: list[dict[str, Any]] = [
    {"database_url": "postgresql://localhost/a"}, {"database_url": "postgres://localhost/a"},
    {"database_url": "mysql://localhost/a"}, {"base_url": "desk.example.org"}, {"base_url": "ftp://desk.example.org"},
]  # fmt: skip


@pytest.mark.parametrize("given", WRONG, ids=str)
def test_addresses_that_cannot_work_do_not_start(tmp_path: Path, given: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        read_settings(str(tmp_path), **given)


def test_the_database_may_be_named_as_other_programs_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://db/annotator")
    assert read_settings(str(tmp_path)).database_url == "postgresql+psycopg://db/annotator"


def test_the_default_folder_lies_beside_the_checkout() -> None:
    assert default_instance() == Path(__file__).parents[2] / "instance"


def test_every_setting_says_what_it_is_in_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs/administration.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.__annotations__ if f"`ANNOTATOR_{name.upper()}`" not in manual]
    assert missing == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [("log_format", "xml", "json or text"), ("metrics_token", "short", "METRICS_TOKEN is too short")],
)
def test_a_setting_that_cannot_be_used_does_not_start(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        read_settings(str(tmp_path), **{name: value})


def test_the_folder_of_a_new_site_is_its_owners_alone(tmp_path: Path) -> None:
    read_settings(str(tmp_path / "new"))
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_view_without_a_permission_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "annotator.health_pages.register", lambda app: app.add_url_rule("/silent", "silent", lambda: "")
    )
    settings = Settings(instance=str(tmp_path), database_url=f"sqlite:///{tmp_path / 'x'}", secret_key=KEY)
    with pytest.raises(RuntimeError, match="state no permission: silent"):
        create_app(settings)
