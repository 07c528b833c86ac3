"""`python tools/release.py [FOLDER]` makes what a release hands out: sdist, wheel, list of parts, checksums.

The list of parts (SBOM, CycloneDX 1.6 as JSON) is read from a fresh environment that holds the wheel, its extras
for PostgreSQL and single sign-on and nothing else, so that it names exactly what runs.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = "postgres,oidc"


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """Run a command and give what it printed; its own words and the end of this program when it fails."""
    ended = subprocess.run(
        list(map(str, command)), cwd=cwd, env=_environment(), capture_output=True, text=True, check=False
    )
    if ended.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{ended.stdout}\n{ended.stderr}")
    return ended.stdout


def _environment() -> dict[str, str]:
    # The time of the last change stands for the time of the build: the same tree gives the same bytes.
    said = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return {**os.environ, "SOURCE_DATE_EPOCH": said.stdout.strip(), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def copy_source(folder: Path) -> Path:
    """Copy what git knows or would take: no left-over of an earlier build gets in."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return folder


def build(source: Path, folder: Path) -> Path:
    """Build sdist and wheel into `folder`; give the wheel."""
    folder.mkdir(parents=True, exist_ok=True)
    run(sys.executable, "-m", "build", "--outdir", folder, source)
    return max(folder.glob("annotator-*.whl"), key=lambda path: path.stat().st_mtime)


def list_parts(wheel: Path, scratch: Path) -> Path:
    """Write the list of parts beside the wheel, from an environment made for it; give the file."""
    home = scratch / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", home)
    python = home / "bin/python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", f"{wheel}[{EXTRAS}]")
    for note in home.rglob("annotator-*.dist-info/direct_url.json"):
        note.unlink()  # says where on this machine the wheel lay
    found = wheel.with_name(f"{'-'.join(wheel.name.split('-')[:2])}.cdx.json")
    options = ("--output-reproducible", "--output-format", "JSON", "--validate", "--output-file", found)
    run(Path(sys.executable).with_name("cyclonedx-py"), "environment", *options, python)
    return found


def sum_up(files: list[Path]) -> Path:
    """Write SHA256SUMS in the form that `sha256sum --check` reads; give the file."""
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in sorted(files)]
    found = files[0].with_name("SHA256SUMS")
    found.write_text("".join(lines))
    return found


def main(folder: Path) -> None:
    """Make a release in `folder` and print what is there."""
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        wheel = build(copy_source(scratch / "source"), folder)
        parts = list_parts(wheel, scratch)
    files = [wheel, parts, *folder.glob("*.tar.gz")]
    for file in [*files, sum_up(files)]:
        print(file)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist").resolve())
