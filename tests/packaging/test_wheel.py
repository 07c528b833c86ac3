"""What a person gets from the built wheel: installed into a fresh environment, started, and opened."""

import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from running import RunningServer

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Installed:
    """An environment that holds the wheel, and a folder outside the checkout to work in."""

    python: Path
    folder: Path

    def run(self, *arguments: str) -> str:
        """Run the environment's Python; return what it printed, fail when it does."""
        return _run(self.python, *arguments, cwd=self.folder)

    def server(self, instance: str) -> RunningServer:
        """Return the installed `annotator` command, working outside the checkout."""
        command = [self.python.parent / "annotator"]
        return RunningServer(self.folder / instance, command=command, folder=self.folder)


def _run(program: Path | str, *arguments: str, cwd: Path) -> str:
    ended = subprocess.run(
        [program, *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what git knows or would take: no left-over of an earlier build."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = _run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            target = folder / "source" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    pip = ("-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps")
    _run(sys.executable, *pip, "--wheel-dir", str(folder), str(folder / "source"), cwd=folder)
    return next(folder.glob("annotator-*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A fresh environment with the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("installed")
    _run(sys.executable, "-m", "venv", str(folder / "venv"), cwd=folder)
    made = Installed(python=folder / "venv/bin/python", folder=folder)
    made.run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel))
    return made


@pytest.fixture(scope="session")
def served(installed: Installed) -> Iterator[str]:
    """The address at which the installed program answers."""
    server = installed.server("served")
    server.start()
    yield server.url
    server.stop()


def _get(address: str) -> tuple[int, str]:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.parametrize("kind", ["templates", "static"])
def test_wheel_holds_every_template_and_static_file(wheel: Path, kind: str) -> None:
    listed = _run("git", "ls-files", "--cached", "--others", "--exclude-standard", kind, cwd=ROOT).split("\n")
    wanted = {f"annotator/{name}" for name in listed if name and (ROOT / name).is_file()}
    packed = {name for name in ZipFile(wheel).namelist() if name.startswith(f"annotator/{kind}/")}
    assert (packed, bool(packed)) == (wanted, True)


def test_wheel_holds_the_migrations(wheel: Path) -> None:
    packed = set(ZipFile(wheel).namelist())
    steps = {f"annotator/migrations/versions/{path.name}" for path in _steps()}
    assert {"annotator/migrations/env.py", "annotator/migrations/script.py.mako", *steps} <= packed


def _steps() -> list[Path]:
    return sorted((ROOT / "annotator/migrations/versions").glob("[0-9a-z]*.py"))


def test_wheel_holds_nothing_but_the_program(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"annotator"}


def test_at_most_forty_six_packages_are_installed(installed: Installed) -> None:
    # passkeys brought six (webauthn, cryptography and what they need), authenticator apps two: no crypto of our own
    listed = installed.run("-m", "pip", "list", "--format=freeze", "--disable-pip-version-check").split()
    names = {line.split("==")[0].lower() for line in listed} - {"pip", "setuptools"}
    assert len(names) <= 46, sorted(names)


def test_installed_program_upgrades_its_database(installed: Installed) -> None:
    program = installed.server("upgraded")
    program.run("db", "upgrade")
    program.run("db", "check")
    assert list(program.instance.glob("*.sqlite*")) != []


def test_installed_program_serves_pages(served: str) -> None:
    assert _get(f"{served}/healthz")[0] == 200
    status, page = _get(f"{served}/login")
    assert (status, "</html>" in page) == (200, True)


def test_installed_program_serves_the_files_its_pages_name(served: str) -> None:
    _, page = _get(f"{served}/login")
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert named
    assert [address for address in named if _get(served + address)[0] != 200] == []
